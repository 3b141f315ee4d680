import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ITEM_STATE } from '../decode/decodeJob.ts';
import type { CacheWriter } from './cacheWriter.ts';
import { createWriteAhead } from './writeAhead.ts';

/** Large enough that two adjacent slots are worth a write. */
const SAMPLE = 40_000;
const FIRST = 7;

/** A cache file in memory: how often each slot was written, and its first byte at the last write. */
function recorder(slots: number, failAt = Infinity) {
  const times = new Array<number>(slots).fill(0);
  const bytes = new Uint8Array(slots);
  let writes = 0;
  const writer: CacheWriter = {
    writeSlots: async (firstSlot, pixels) => {
      await Promise.resolve();
      if (writes++ === failAt) throw new RangeError('no room');
      for (let at = 0; at < pixels.length / SAMPLE; at++) {
        const slot = firstSlot - FIRST + at;
        times[slot] = (times[slot] ?? 0) + 1;
        bytes[slot] = pixels[at * SAMPLE] ?? 0;
      }
    },
    finish: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
  return { writer, times, bytes };
}

function slotsInWork(count: number) {
  const states = new Int32Array(new SharedArrayBuffer(count * 4));
  return { first: FIRST, states, pixels: new Uint8Array(count * SAMPLE) };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('writing ahead', () => {
  it('writes each slot once, as it is when it is decoded or in the end', async () => {
    const orders = fc
      .integer({ min: 0, max: 12 })
      .chain((count) =>
        fc
          .shuffledSubarray(Array.from({ length: count }, (_, slot) => slot))
          .map((order) => ({ count, order })),
      );
    let ahead = 0;
    await fc.assert(
      fc.asyncProperty(orders, fc.nat({ max: 3 }), async ({ count, order }, every) => {
        const work = slotsInWork(count);
        const { writer, times, bytes } = recorder(count);
        const writing = createWriteAhead(writer, work);
        for (const [at, slot] of order.entries()) {
          work.pixels[slot * SAMPLE] = slot + 1;
          work.states[slot] = ITEM_STATE.decoded;
          if (at % 4 <= every) writing.poke();
          if (at % 2 === 0) await nextTurn();
        }
        await nextTurn();
        ahead += times.filter((time) => time > 0).length;
        // The other slots get their pixels, if any, from elsewhere.
        for (const slot of times.keys()) if (!order.includes(slot)) work.pixels[slot * SAMPLE] = 200;
        await writing.finish();
        expect(times).toEqual(new Array(count).fill(1));
        expect([...bytes]).toEqual(times.map((_, slot) => (order.includes(slot) ? slot + 1 : 200)));
      }),
      { numRuns: 60 },
    );
    expect(ahead).toBeGreaterThan(30);
  });

  it('leaves slots alone that are not decoded, and single small ones, until the end', async () => {
    const work = slotsInWork(6);
    const { writer, times } = recorder(6);
    const writing = createWriteAhead(writer, work);
    work.states.set([
      ITEM_STATE.decoded,
      ITEM_STATE.started,
      ITEM_STATE.decoded,
      ITEM_STATE.decoded,
      ITEM_STATE.failed,
    ]);
    writing.poke();
    await nextTurn();
    expect(times).toEqual([0, 0, 1, 1, 0, 0]);
    await writing.finish();
    expect(times).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('tells in the end of a write that failed on the way, and writes no more', async () => {
    const work = slotsInWork(4);
    const { writer, times } = recorder(4, 0);
    const writing = createWriteAhead(writer, work);
    work.states.fill(ITEM_STATE.decoded);
    writing.poke();
    await nextTurn();
    writing.poke();
    await nextTurn();
    await expect(writing.finish()).rejects.toThrow('no room');
    expect(times).toEqual([0, 0, 0, 0]);
  });
});
