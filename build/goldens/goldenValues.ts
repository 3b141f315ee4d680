import { mix32 } from '#core/program/dropoutHash.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';

/*
 * Numbers that golden_values.py computes as well, so that no weights or images have to be stored. All of them are exact
 * in float32, so that every precision starts from the same numbers.
 */

/**
 * `spread`: every tensor random, BatchNorm included. `fresh`: kernels as initialized by torch, the rest at its initial
 * value.
 */
export type StartScheme = 'spread' | 'fresh';

/** Number `index` of the sequence `name`: 24 bits, uniform over [-1, 1). */
function goldenUnit(hash: number, index: number): number {
  const word = mix32((hash + Math.imul(index, 0x9e37_79b9)) >>> 0);
  return (word >>> 8) / 2 ** 23 - 1;
}

/** `count` numbers `centre + spread * unit`, rounded to float32. */
function goldenNumbers(name: string, count: number, spread: number, centre = 0): Float64Array {
  const hash = fnv1a(name);
  return Float64Array.from({ length: count }, (_, index) =>
    Math.fround(centre + spread * goldenUnit(hash, index)),
  );
}

/** Parameters and statistics before the first step; moments are 0. */
export function goldenState(layout: StateLayout, scheme: StartScheme): Float64Array {
  const state = new Float64Array(layout.totalSize);
  for (const slot of [...layout.parameters, ...layout.statistics]) {
    const centre = slot.field === 'gamma' || slot.field === 'variance' ? 1 : 0;
    const unit = Math.sqrt((slot.dims[0] ?? 1) / slot.size);
    const spreads = { spread: slot.field === 'weights' ? Math.sqrt(3) * unit : 0.5, fresh: unit };
    const spread = scheme === 'fresh' && slot.field !== 'weights' ? 0 : spreads[scheme];
    state.set(goldenNumbers(slot.name, slot.size, spread, centre), slot.offset);
  }
  return state;
}

/** Labels of step `step` (from 1) in a fixed pattern; with `someLabels` every third sample has none. */
export function goldenLabels(batch: number, classes: number, step: number, someLabels = false): Int32Array {
  return Int32Array.from({ length: batch }, (_, n) =>
    someLabels && n % 3 === 1 ? -1 : (7 * n + step) % classes,
  );
}

/**
 * Images `[N, ...]` of step `step`, `size` numbers each: noise, and with `patterned` a pattern of the sample's class
 * added to it, so that a network can learn.
 */
export function goldenImages(
  labels: Int32Array,
  size: number,
  step: number,
  { scale, patterned }: { readonly scale: number; readonly patterned: boolean },
): Float64Array {
  const images = goldenNumbers(`images ${step}`, labels.length * size, scale);
  if (!patterned) return images;
  labels.forEach((label, n) => {
    const pattern = goldenNumbers(`class ${label}`, size, scale);
    for (let i = 0; i < size; i += 1)
      images[n * size + i] = Math.fround((images[n * size + i] ?? 0) + (pattern[i] ?? 0));
  });
  return images;
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return hash >>> 0;
}
