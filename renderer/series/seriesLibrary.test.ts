import { describe, expect, it, vi } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { SeriesLibrary } from './seriesLibrary.ts';

const steps = (from: number, to: number): MetricEvent[] =>
  Array.from({ length: to - from }, (_, i) => ({
    kind: 'step',
    step: from + i + 1,
    epoch: 0,
    loss: 1,
    accuracy: 0,
    lr: 0,
    imagesPerSecond: 0,
    elapsedMs: from + i,
  }));

/** A disk with `length` events, read in pages of `page`. */
function disk(length: number, page = 3) {
  const state = { length };
  const fetch = vi.fn(async (_runId: string, from: number) => {
    const next = Math.min(state.length, from + page);
    return { events: steps(from, next), next };
  });
  return { state, fetch };
}

describe('SeriesLibrary', () => {
  it('reads history in pages and takes live events after it', async () => {
    const { fetch } = disk(7);
    const changed = vi.fn();
    const library = new SeriesLibrary(fetch, changed);
    await library.follow('r');
    expect(library.get('r')?.steps.length).toBe(7);
    library.take('r', 7, steps(7, 9));
    expect(library.get('r')?.steps.length).toBe(9);
    expect(changed).toHaveBeenCalledTimes(4);
  });

  it('fills a gap in live events from disk', async () => {
    const { fetch, state } = disk(2);
    const library = new SeriesLibrary(fetch, () => undefined);
    await library.follow('r');
    state.length = 6;
    library.take('r', 5, steps(5, 6));
    await vi.waitFor(() => {
      expect(library.get('r')?.next).toBe(6);
    });
  });

  it('looks again when live events ran ahead during the filling', async () => {
    const { fetch, state } = disk(2);
    const library = new SeriesLibrary(fetch, () => undefined);
    const following = library.follow('r');
    library.take('r', 4, steps(4, 5));
    state.length = 5;
    await following;
    expect(library.get('r')?.next).toBe(5);
  });

  it('reads a run anew that was taken up from a checkpoint', async () => {
    const { fetch, state } = disk(9);
    const library = new SeriesLibrary(fetch, () => undefined);
    await library.follow('r');
    const before = library.get('r');
    // Truncated at the checkpoint, after four events, while a read of the former file is still in progress.
    library.refill();
    state.length = 4;
    library.restart('r');
    await vi.waitFor(() => {
      expect(library.get('r')?.next).toBe(4);
    });
    expect(library.get('r')).not.toBe(before);
    library.take('r', 4, steps(4, 6));
    expect(library.get('r')?.steps.lastX('step')).toBe(6);
  });

  it('passes over runs that nobody follows', () => {
    const library = new SeriesLibrary(disk(0).fetch, () => undefined);
    library.take('other', 0, steps(0, 1));
    expect(library.get('other')).toBeUndefined();
  });

  it('tells who follows when the disk cannot be read, and can be asked again', async () => {
    const { fetch } = disk(2);
    fetch.mockRejectedValueOnce(new Error('gone'));
    const library = new SeriesLibrary(fetch, () => undefined);
    await expect(library.follow('r')).rejects.toThrow('gone');
    await library.follow('r');
    expect(library.get('r')?.next).toBe(2);
  });
});
