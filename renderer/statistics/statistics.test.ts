import { describe, expect, it } from 'vitest';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import { message, type Message } from '#core/words/message.ts';
import { blockRows } from './blockRows.ts';
import { partLeftMs, workAfter } from '../runs/work.ts';

describe('the time left', () => {
  const part = (label: Message, done: number, total: number | null = 10) => ({ label, done, total });

  it('follows from the pace of the present part', () => {
    let work = workAfter(undefined, null, 0);
    expect(partLeftMs(work, 500)).toBeNull();
    work = workAfter(work, part(message('work.scanning'), 4, null), 1000);
    expect(partLeftMs(work, 1500)).toBeNull();
    work = workAfter(work, part(message('work.evaluating'), 0), 2000);
    expect(partLeftMs(work, 2500)).toBeNull();
    work = workAfter(work, part(message('work.evaluating'), 4), 4000);
    // Four in two seconds: six more take three.
    expect(partLeftMs(work, 4000)).toBe(3000);
    work = workAfter(work, part(message('work.measuring'), 1), 9000);
    expect(partLeftMs(work, 9100)).toBe(900);
  });
});

describe('the rows of the table', () => {
  const change = {
    mean: { typical: 0.04321, worst: 0.2, worstChannel: 3 },
    variance: { before: 0.8134, after: 0.7, worstFactor: 0.6123, worstChannel: 1 },
  };
  const statistics: NormStatistics = {
    weights: 'raw',
    kind: 'exact',
    pass: null,
    blocks: [
      { node: 'bn1', name: 'first', channels: 16, isMeasurable: true, variance: 0.7, change },
      { node: 'bn2', name: 'frozen', channels: 8, isMeasurable: false, variance: 1, change: null },
    ],
  };
  const ERROR = { mean: 0.012, variance: 0.034 };

  it('tell figures with their units, and errors where the pass has them', () => {
    const pass = {
      ...{ batches: 2, images: 9, passes: 1, judged: null },
      errors: [{ node: 'bn1', typical: ERROR, worst: { mean: null, variance: null } }],
    };
    const [first, second] = blockRows({ ...statistics, pass });
    expect(first).toMatchObject({
      isFrozen: false,
      change: { mean: '0.043 σ', worstMean: '0.2 σ', before: '0.813', after: '0.7', factor: '× 0.61' },
      error: { mean: '0.012 σ', variance: '3.4 %' },
    });
    expect(second).toMatchObject({ isFrozen: true, change: null, error: null });
    expect(blockRows(statistics)[0]?.error).toBeNull();
  });

  it('tell statistics that nothing has updated or measured', () => {
    const [first, second] = statistics.blocks.map((block) => ({ ...block, batchesSeen: 0 }));
    const rows = blockRows({ ...statistics, blocks: [first, second].filter((block) => block !== undefined) });
    expect(rows.map(({ isInitial }) => isInitial)).toEqual([false, true]);
    expect(blockRows(statistics)[1]?.isInitial).toBe(false);
  });
});
