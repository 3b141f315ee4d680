import { createHash } from 'node:crypto';
import { must } from '#core/diagnostics/invariantError.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { Program } from '#core/program/program.ts';
import type { ParameterSlot, StatisticSlot } from '#core/program/stateLayout.ts';
import type { Compute } from '../compute/compute.ts';

/** Raised when the same inputs give other features. */
const FEATURES_VERSION = 1;

interface Origin {
  /** The program of the prefix. */
  readonly program: Program;
  /** The state of the run, by the layout of the program. */
  readonly state: FloatArray;
  readonly compute: Pick<Compute, 'backend' | 'precision' | 'threads'>;
  /** See `policyKey`. */
  readonly pixelPolicy: string;
  /** What decides the augmentation of an image besides its bytes; null without augmentation. */
  readonly augmentation: unknown;
}

/**
 * SHA-256, hexadecimal, of everything besides a file's bytes that determines its features: the program with its weights
 * and statistics, what computes it, preprocessing and augmentation.
 */
export function featurePolicy({ program, state, compute, pixelPolicy, augmentation }: Origin): string {
  const { mode, tensors, instructions, inputs, outputs } = program;
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({
      ...{
        version: FEATURES_VERSION,
        mode,
        tensors,
        instructions,
        inputs,
        outputs,
        pixelPolicy,
        augmentation,
      },
      ...{ backend: compute.backend.description, precision: compute.precision, threads: compute.threads },
    }),
  );
  for (const { offset, size } of slotsOf(program)) {
    const values = state.subarray(offset, offset + size);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

/** The weights and statistics that a program reads, in the order of its tensors. */
function slotsOf({ tensors, state }: Program): (ParameterSlot | StatisticSlot)[] {
  return tensors
    .filter(({ kind }) => kind === 'parameter' || kind === 'statistic')
    .map(({ kind, slot, name }) =>
      must((kind === 'parameter' ? state.parameters : state.statistics)[slot ?? -1], `slot of ${name}`),
    );
}
