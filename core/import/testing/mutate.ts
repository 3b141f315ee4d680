import { AppError } from '../../diagnostics/appError.ts';
import type { ModelFile } from '../foreignModel.ts';
import { concat, little } from './bytes.ts';
import type { FuzzTarget } from './fuzzTargets.ts';

/** A whole number from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** Random numbers by their seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Sizes at which arithmetic goes wrong. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0xffffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  2n ** 53n,
  2n ** 60n,
  2n ** 64n - 1n,
];

type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;

const MUTATIONS: readonly Mutation[] = [
  /** Changed bytes. */
  (bytes, random) => {
    const changed = bytes.slice();
    for (let count = 1 + random(4); count > 0; count -= 1) changed[random(bytes.length)] = random(256);
    return changed;
  },
  /** A changed bit. */
  (bytes, random) => {
    const changed = bytes.slice();
    const at = random(bytes.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
    return changed;
  },
  /** A cut end. */
  (bytes, random) => bytes.slice(0, random(bytes.length)),
  /** Random bytes put in. */
  (bytes, random) => {
    const at = random(bytes.length + 1);
    const more = Array.from({ length: 1 + random(8) }, () => random(256));
    return concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  /** Bytes taken out. */
  (bytes, random) => {
    const at = random(bytes.length);
    return concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(16))]);
  },
  /** A part of the file copied over another. */
  (bytes, random) => {
    const from = random(bytes.length);
    const part = bytes.slice(from, from + 1 + random(64));
    const at = random(bytes.length - part.length + 1);
    const copied = bytes.slice();
    copied.set(part, at);
    return copied;
  },
  /** A size on an edge, of 1 to 8 bytes. */
  (bytes, random) => {
    const edge = little(EDGES[random(EDGES.length)] ?? 0n, 2 ** random(4));
    const changed = bytes.slice();
    if (bytes.length >= edge.length) changed.set(edge, random(bytes.length - edge.length + 1));
    return changed;
  },
];

/** The file with one to three changes. */
export function mutate(file: ModelFile, random: Random): ModelFile {
  let { bytes } = file;
  for (let count = 1 + random(3); count > 0 && bytes.length > 0; count -= 1)
    bytes = MUTATIONS[random(MUTATIONS.length)]?.(bytes, random) ?? bytes;
  return { ...file, bytes };
}

export type Outcome = 'model' | 'model-invalid' | 'model-unsupported';

/** What reading the file and all its values ends with. Any other error is a fault of the reader and is thrown on. */
export function outcomeOf(target: Pick<FuzzTarget, 'read'>, file: ModelFile): Outcome {
  try {
    const model = target.read(file);
    const values = model.kind === 'weights' ? model.tensors : [...model.values.values()];
    for (const { dims, read } of values)
      if (read().length !== dims.reduce((product, dim) => product * dim, 1))
        throw new Error('a wrong count of values');
    return 'model';
  } catch (thrown) {
    if (
      thrown instanceof AppError &&
      (thrown.code === 'model-invalid' || thrown.code === 'model-unsupported')
    )
      return thrown.code;
    throw thrown;
  }
}
