import type { Backend } from '#core/backend/backend.ts';
import type { EachPiece } from './backendLogits.ts';
import { readSafetensors } from './safetensorsReader.ts';
import type { Samples } from './samples.ts';
import { weightsLogits } from './weightsLogits.ts';

/** Logits `[N, classes]` of a network rebuilt from a safetensors file alone. Throws as `weightsLogits`. */
export async function safetensorsLogits(
  file: Uint8Array,
  samples: Samples,
  each: EachPiece,
  backend: Backend,
): Promise<Float64Array> {
  return weightsLogits(readSafetensors(file), samples, each, backend);
}
