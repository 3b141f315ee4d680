import { describe, expect, it } from 'vitest';
import { defaultTrainingSettings } from '#core/document/trainingSettings.ts';
import { planRows } from './planRows.ts';

const PLAN = {
  trainImages: 1810,
  validationImages: 200,
  classes: ['a', 'b'],
  stepsPerEpoch: 29,
  lastBatch: 18,
  precision: 'bf16',
  threads: 2,
  memoryBytes: 1024,
  notes: [],
  problems: [],
};
const FORMAT = { count: String, bytes: (value: number) => `${value} B`, policy: (value: string) => value };
const rowOf = (name: string, plan = PLAN) =>
  planRows(plan, { ...defaultTrainingSettings(), epochs: 3 }, FORMAT).find((row) => row.name === name);

describe('planRows', () => {
  it('counts images, steps and the remainder', () => {
    expect(rowOf('images')?.values).toEqual({ train: '1810', validation: '200' });
    expect(rowOf('total')?.values).toEqual({ steps: '87', epochs: '3' });
    expect(rowOf('lastBatch')).toEqual({
      name: 'lastBatch',
      message: 'lastBatchValue',
      values: { last: '18', batch: '64', policy: 'keep' },
    });
  });

  it('does not speak of a remainder where there is none', () => {
    expect(rowOf('lastBatch', { ...PLAN, lastBatch: 64 })?.message).toBe('lastBatchFull');
  });
});
