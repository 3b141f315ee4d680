import { readFileSync } from 'node:fs';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import type { GoldenCase } from './goldenCase.ts';

/** A case and PyTorch's numbers for it in float64, by name: `forward`, `gradient of conv2d1.weights`, `losses`, … */
export interface Golden {
  readonly case: GoldenCase;
  readonly expected: ReadonlyMap<string, Float64Array>;
}

export interface GoldenFile {
  /** Version of the PyTorch that made it. */
  readonly torch: string;
  readonly goldens: readonly Golden[];
}

/** Reads `operations` or `training`; make_goldens.py describes the contents of the files. */
export function readGoldens(name: 'operations' | 'training'): GoldenFile {
  const { tensors, metadata } = decodeSafetensors(
    readFileSync(new URL(`./${name}.safetensors`, import.meta.url)),
  );
  const cases = JSON.parse(metadata['cases'] ?? '[]') as GoldenCase[];
  const expected = cases.map(() => new Map<string, Float64Array>());
  for (const [key, { data }] of tensors) {
    const cut = key.indexOf('/');
    const found = expected[Number(key.slice(0, cut))];
    if (found === undefined || !(data instanceof Float64Array))
      throw new InvariantError(`golden tensor ${key}`);
    found.set(key.slice(cut + 1), data);
  }
  const goldens = cases.map((one, index) => ({ case: one, expected: expected[index] ?? new Map() }));
  return { torch: metadata['torch'] ?? '?', goldens };
}
