import { describe, expect, it } from 'vitest';
import type { RunState } from '#core/contract/run.ts';
import type { RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { runFixture } from '../runs/testing/runFixture.ts';
import { comparisonLines, comparisonsOf, rowsOf, scaleStart } from './policyLines.ts';
import { slowestPace } from './pace.ts';

/** A run of the comparison `id`; finished where `correct` of 20 validation images are given. */
function run(runId: string, id: string, policy: RunPolicy, correct?: number): RunState {
  const series = { id, policy };
  if (correct === undefined) return { ...runFixture({ runId, phase: 'running', result: null }), series };
  const accuracy = correct / 20;
  const comparison = {
    ...series,
    keptHead: true,
    validationImages: 20,
    start: null,
    moved: null,
    test: null,
  };
  const figures = { loss: 0.5, accuracy };
  return {
    ...runFixture({ runId, phase: 'finished' }),
    series,
    result: {
      ...{ run: runId, epochs: 2, steps: 4, train: figures, val: figures, seconds: 3 },
      ...{ imagesPerSecond: 1, precision: 'f32' },
      comparison: policy === 'frozen' ? { ...comparison, start: { loss: 1, accuracy: 0.5 } } : comparison,
    },
  };
}

describe('comparisons of a project', () => {
  // The newest run is the first.
  const runs = [
    run('4', 'new', 'adapt'),
    run('3', 'new', 'frozen', 18),
    runFixture({ runId: '2', phase: 'finished' }),
    run('1', 'old', 'all', 10),
  ];

  it('are those of its runs, the newest first', () => {
    expect(comparisonsOf(runs).map(({ id, runs: of }) => [id, of.map(({ runId }) => runId)])).toEqual([
      ['new', ['3', '4']],
      ['old', ['1']],
    ]);
  });

  it('have a line for the weights as they came, each run, and each policy that waits', () => {
    const [newest] = comparisonsOf(runs);
    if (newest === undefined) throw new Error('no comparison');
    const policies: RunPolicy[] = ['frozen', 'adapt', 'all'];
    const live = { seriesId: 'new', projectId: 'p', policies, waiting: ['all' as const] };
    const lines = comparisonLines(newest, live).map(({ policy, run: of, row }) => [
      policy,
      of?.runId ?? null,
      row?.validation?.correct ?? null,
    ]);
    expect(lines).toEqual([
      ['start', null, 10],
      ['frozen', '3', 18],
      ['adapt', '4', null],
      ['all', null, null],
    ]);
    expect(comparisonLines(newest, null)).toHaveLength(3);
    expect(comparisonLines(newest, { ...live, seriesId: 'other' })).toHaveLength(3);
    expect(scaleStart(rowsOf(newest))).toBeCloseTo(0.2);
  });

  it('begin their scale at 0 without a result', () => {
    expect(scaleStart([])).toBe(0);
  });
});

describe('slowestPace', () => {
  it('is that of the slowest run that has trained', () => {
    const fast = run('1', 'a', 'frozen', 18);
    const result = fast.result && { ...fast.result, seconds: 30 };
    const slow = { ...fast, name: 'slow', result };
    const untrained = { ...fast, result: result && { ...result, epochs: 0 } };
    expect(slowestPace([fast, slow, untrained])).toEqual({ msPerEpoch: 15_000, name: 'slow' });
    expect(slowestPace([untrained, run('2', 'a', 'all')])).toBeNull();
  });
});
