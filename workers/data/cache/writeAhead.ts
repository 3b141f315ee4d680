import { ITEM_STATE } from '../decode/decodeJob.ts';
import type { CacheWriter } from './cacheWriter.ts';

/** A run of fewer bytes than this is not written until its neighbours are ready. */
const LEAST_BYTES = 64 * 2 ** 10;

/** Slots that are being decoded, adjacent in memory. */
interface SlotsInWork {
  /** Number of the first one in the cache. */
  readonly first: number;
  /** One `ITEM_STATE` per slot, set by the decoding threads. */
  readonly states: Int32Array;
  /** `[slots, sampleBytes]`. */
  readonly pixels: Uint8Array;
}

/** Writes decoded slots to the cache file while others are still being decoded. */
interface WriteAhead {
  /** Starts writing the decoded slots, unless a write is in progress. Never throws. */
  poke(): void;
  /** Writes all remaining slots, whatever their state. Throws the error of the first write that failed. */
  finish(): Promise<void>;
}

/** Returns a writer of slots that are being decoded. */
export function createWriteAhead(writer: CacheWriter, work: SlotsInWork): WriteAhead {
  const sampleBytes = work.pixels.length / Math.max(1, work.states.length);
  const isWritten = new Uint8Array(work.states.length);
  let underWay: Promise<void> | null = null;
  let failure: { readonly cause: unknown } | null = null;
  const write = async (pieces: readonly Piece[]): Promise<void> => {
    for (const { from, to } of pieces) {
      await writer.writeSlots(work.first + from, work.pixels.subarray(from * sampleBytes, to * sampleBytes));
      isWritten.fill(1, from, to);
    }
  };
  const isDecoded = (slot: number): boolean =>
    isWritten[slot] === 0 && Atomics.load(work.states, slot) === ITEM_STATE.decoded;
  return {
    poke: () => {
      if (underWay !== null || failure !== null) return;
      const isLarge = ({ from, to }: Piece): boolean => (to - from) * sampleBytes >= LEAST_BYTES;
      underWay = write(piecesOf(work.states.length, isDecoded).filter(isLarge))
        .catch((cause: unknown) => void (failure = { cause }))
        .finally(() => void (underWay = null));
    },
    finish: async () => {
      await underWay;
      if (failure !== null) throw failure.cause;
      await write(piecesOf(work.states.length, (slot) => isWritten[slot] === 0));
    },
  };
}

/** Slots from `from` up to but not including `to`. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

/** The longest runs of slots that all have to be written. */
function piecesOf(slots: number, isWanted: (slot: number) => boolean): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < slots; from++) {
    let to = from;
    while (to < slots && isWanted(to)) to += 1;
    if (to > from) pieces.push({ from, to });
    from = to;
  }
  return pieces;
}
