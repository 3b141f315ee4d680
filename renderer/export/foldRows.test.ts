import { describe, expect, it } from 'vitest';
import type { FoldMeasurement, NormPreview } from '#core/contract/normPreview.ts';
import { asIs } from '#core/words/message.ts';
import { countFindings, foldRows } from './foldRows.ts';

const block = (node: string, into: string | null): NormPreview['blocks'][number] => ({
  ...{ node, name: 'BatchNorm', channels: 4, into, isForward: false, reason: asIs('why') },
  ...{ factor: 1.234, channel: 2 },
});
const finding = (
  node: string,
  severity: NormPreview['findings'][number]['severity'],
): NormPreview['findings'][number] => ({
  ...{ code: 'small-gamma', severity, node, tensor: null, channels: [], count: 1, of: 4 },
  ...{ message: asIs('what'), hint: null },
});
const PREVIEW: NormPreview = {
  findings: [finding('b', 'warning'), finding('b', 'info'), finding('c', 'info')],
  blocks: [block('a', 'conv1'), block('b', 'conv2'), block('c', 'conv3'), block('d', null)],
};
const difference = { relativeDiff: 0, top1Agreement: 1, tolerance: 1e-4 };
const measured = (...differences: number[]): FoldMeasurement => ({
  ...{ images: 32, blockImages: 8, generated: false, whole: null },
  blocks: differences.map((maxAbsDiff, at) => ({ ...difference, maxAbsDiff, node: 'abc'[at] ?? '' })),
});

describe('the rows of a fold preview', () => {
  it('have the layer, the amplification and the worst finding of each block', () => {
    const rows = foldRows(PREVIEW, null);
    expect(rows.map(({ node, into }) => [node, into])).toEqual([
      ...[['a', 'conv1'] as const, ['b', 'conv2'] as const],
      ...[['c', 'conv3'] as const, ['d', null] as const],
    ]);
    expect(rows.map(({ severity }) => severity)).toEqual([null, 'warning', 'info', null]);
    expect(rows[0]).toMatchObject({ factor: '× 1.2', channel: 2, difference: '', isWorst: false });
    expect(foldRows({ ...PREVIEW, blocks: [{ ...block('a', null), factor: null }] }, null)[0]?.factor).toBe(
      '—',
    );
  });

  it('mark the block that costs clearly more than the others, and none among equals', () => {
    const worst = (found: FoldMeasurement): string[] =>
      foldRows(PREVIEW, found).flatMap(({ node, isWorst }) => (isWorst ? [node] : []));
    expect(worst(measured(1e-7, 9e-7, 2e-7))).toEqual(['b']);
    expect(worst(measured(1e-7, 3e-7, 2e-7))).toEqual([]);
    expect(worst(measured(1e-7))).toEqual([]);
    expect(foldRows(PREVIEW, measured(1e-7, 9e-7, 2e-7)).map((row) => row.difference)).toEqual([
      ...['1.0e-7', '9.0e-7', '2.0e-7', ''],
    ]);
  });
});

describe('countFindings', () => {
  it('counts by severity, errors first, without those that do not occur', () => {
    expect(countFindings(PREVIEW.findings)).toEqual([
      { severity: 'warning', count: 1 },
      { severity: 'info', count: 2 },
    ]);
  });
});
