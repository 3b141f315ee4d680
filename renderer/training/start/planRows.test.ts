import { describe, expect, it } from 'vitest';
import { defaultTrainingSettings } from '#core/document/trainingSettings.ts';
import type { RunPlan } from '../../runs/workflow.ts';
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
const rowOf = (name: string, plan: RunPlan = PLAN) =>
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

  it('tells the input with the vote of the images, the table and the groups', () => {
    const size = { value: 40, images: 2, least: 24, most: 63 };
    const vote = {
      images: 82,
      colourImages: 80,
      channels: 3 as const,
      height: size,
      width: { ...size, least: 63 },
    };
    const data = {
      input: { channels: 1, height: 16, width: 16, vote },
      table: {
        path: '/d/labels.csv',
        header: ['photo', 'species'],
        fileColumn: 'photo',
        labelColumns: ['species'],
      },
      groups: {
        rule: { by: 'pattern' as const, pattern: 'p' },
        groups: 60,
        validationGroups: 6,
        ungrouped: 0,
        asked: 0.1,
        share: 0.098,
        trainOnly: [],
      },
    };
    const plan = { ...PLAN, data };
    expect(rowOf('input', plan)?.values).toEqual({ shape: '1 × 16 × 16', sizes: '24–63 × 63' });
    expect(rowOf('colour', plan)).toMatchObject({
      message: 'colourLost',
      values: { colour: '80', all: '82' },
    });
    expect(rowOf('table', plan)?.values).toEqual({ files: 'photo', classes: 'species' });
    expect(rowOf('groups', plan)?.values).toEqual({
      validation: '6',
      all: '60',
      share: '9.8 %',
      asked: '10.0 %',
    });
    expect(rowOf('groups')).toBeUndefined();
  });

  it('tells how images are fitted and normalized', () => {
    const planOf = (preparation: object): RunPlan => ({
      ...PLAN,
      data: { input: null, table: null, groups: null, preparation: { resize: 'stretch', ...preparation } },
    });
    expect(rowOf('resize', planOf({}))?.message).toBe('resizes.stretch');
    expect(rowOf('resize', planOf({ resize: 'crop', cropFraction: 0.875 }))).toMatchObject({
      message: 'resizes.crop',
      values: { fraction: '0.875' },
    });
    expect(rowOf('normalization', planOf({}))?.message).toBe('measured');
    expect(rowOf('normalization', planOf({ channelOrder: 'bgr' }))?.message).toBe('measuredReversed');
    const normalization = { kind: 'fixed', mean: [104, 117, 123], deviation: [1, 1, 1] };
    expect(rowOf('normalization', planOf({ normalization, channelOrder: 'bgr' }))).toMatchObject({
      message: 'fixedReversed',
      values: { mean: '104, 117, 123', deviation: '1, 1, 1' },
    });
    expect(rowOf('normalization')).toBeUndefined();
  });

  it('does not speak of a remainder where there is none', () => {
    expect(rowOf('lastBatch', { ...PLAN, lastBatch: 64 })?.message).toBe('lastBatchFull');
  });
});
