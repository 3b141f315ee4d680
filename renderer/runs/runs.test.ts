import { describe, expect, it } from 'vitest';
import type { RunState } from '#core/contract/run.ts';
import { currentEpoch, freshRunName, shareDone } from './runNames.ts';
import { belongsTo, runInView, runLabel } from './ownRuns.ts';
import { startBlockersOf } from './startBlocker.ts';
import { runFixture } from './testing/runFixture.ts';

describe('runs', () => {
  it('finds a free name', () => {
    expect(freshRunName('birds', [])).toBe('birds');
    expect(freshRunName('birds', ['birds', 'birds 2'])).toBe('birds 3');
    expect(freshRunName('', [])).toBe('run');
  });

  it('counts epochs from one and ends at the last', () => {
    const epochs = [0, 0.1, 0.9, 1, 1.1, 2.9, 3].map((epoch) => currentEpoch({ epoch, epochs: 3 }));
    expect(epochs).toEqual([1, 1, 1, 2, 2, 3, 3]);
  });

  it('tells the share done of the run or of its preparation', () => {
    expect(shareDone({ step: 3, steps: 12, progress: null })).toBe(0.25);
    expect(shareDone({ step: 0, steps: 0, progress: { done: 1, total: 4 } })).toBe(0.25);
    expect(shareDone({ step: 0, steps: 0, progress: { done: 1, total: 0 } })).toBeNull();
  });
});

describe('startBlockersOf', () => {
  const fine = {
    connection: 'open',
    isGraphSound: true,
    train: 'ready',
    validation: 'none',
    isOtherRunLive: false,
  } as const;

  it('lets a sound project through, and names all that stands in the way, the nearest first', () => {
    expect(startBlockersOf(fine)).toEqual([]);
    expect(startBlockersOf({ ...fine, connection: 'reconnecting', isGraphSound: false })).toEqual([
      'offline',
    ]);
    expect(startBlockersOf({ ...fine, isGraphSound: false, train: 'none', isOtherRunLive: true })).toEqual([
      'graph',
      'noData',
      'otherRun',
    ]);
    expect(startBlockersOf({ ...fine, train: 'scanning' })).toEqual(['scanning']);
    expect(startBlockersOf({ ...fine, validation: 'failed' })).toEqual(['badData']);
    expect(startBlockersOf({ ...fine, train: 'lost', validation: 'scanning' })).toEqual([
      'badData',
      'scanning',
    ]);
  });
});

describe('ownRuns', () => {
  const owner = { id: 'p1', hash: () => 'h1' };
  const run = (id: string | null, hash: string | null, given: Partial<RunState> = {}): RunState =>
    runFixture({ ...given, project: { id, name: 'Birds', hash } });

  it('belong to a project by its id, whatever was changed in it since; without one by what they trained', () => {
    expect(belongsTo(run('p1', 'h9'), owner)).toBe(true);
    expect(belongsTo(run('p2', 'h1'), owner)).toBe(false);
    expect(belongsTo(run(null, 'h1'), owner)).toBe(true);
    expect(belongsTo(run(null, null), owner)).toBe(false);
    expect(belongsTo(runFixture({ project: null }), owner)).toBe(false);
  });

  it('come into view: the one picked, else the one that trains, else the newest', () => {
    const newest = runFixture({ runId: 'c' });
    const live = runFixture({ runId: 'b', phase: 'paused' });
    const other = run('p2', 'h1', { runId: 'x' });
    expect(runInView([newest, live], [newest, live], undefined)).toBe(live);
    expect(runInView([newest], [newest], 'gone')).toBe(newest);
    expect(runInView([newest, live], [newest, other, live], 'x')).toBe(other);
    expect(runInView([newest], [newest], 'x')).toBe(newest);
    expect(runInView([], [other], undefined)).toBeNull();
  });

  it('carry the name of their project only beside another one', () => {
    const named = runFixture({ name: 'first try' });
    expect(runLabel(named, true)).toBe('first try');
    expect(runLabel(named, false)).toBe('first try (Birds)');
    expect(runLabel(runFixture({ name: 'Birds' }), false)).toBe('Birds');
  });
});
