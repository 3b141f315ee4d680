import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { InputFlow } from './values.ts';

/** How the file's graph prepares the images, in byte units: `(byte - mean) / deviation`, per channel. */
export interface FilePreprocessing {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** `factor * input + offset` per channel, in the units of the file's input. */
export interface InputTransform {
  readonly factor: readonly number[];
  readonly offset: readonly number[];
}

/** What is left of float32 after a division. */
const DIGITS = 7;
/** Means and deviations of images in 0 to 1 are below this; those of bytes are above. */
const LARGEST_OF_UNIT_RANGE = 1.5;

/** Null where the graph does not change the images before the first block. */
export function transformOf(entry: InputFlow | null): InputTransform | null {
  if (entry === null) return null;
  const { factor, offset } = entry;
  const isIdentity = factor.every((value) => value === 1) && offset.every((value) => value === 0);
  return isIdentity ? null : { factor, offset };
}

/**
 * The transform as mean and deviation of bytes. The file does not say whether it expects 0 to 1 or 0 to 255: a mean and
 * deviation of at most 1.5 are of images in 0 to 1. Throws a fault where it is no such mean and deviation.
 */
export function preprocessingOf(transform: InputTransform): FilePreprocessing {
  const { factor, offset } = transform;
  const deviation = factor.map((value) => 1 / value);
  const mean = factor.map((value, channel) => -(offset[channel] ?? 0) / value);
  const isUnitRange = [...deviation, ...mean].every((value) => Math.abs(value) <= LARGEST_OF_UNIT_RANGE);
  const inBytes = (values: readonly number[]): number[] =>
    values.map((value) => Number((value * (isUnitRange ? 255 : 1)).toPrecision(DIGITS)) + 0);
  const result = { mean: inBytes(mean), deviation: inBytes(deviation) };
  const isValid =
    result.mean.every((value) => value >= 0 && value <= 255) &&
    result.deviation.every((value) => value > 0 && value <= 255);
  if (!isValid) throw unsupportedFile(message('onnxFiles.inputScale', { ...asTexts(transform) }));
  return result;
}

function asTexts({ factor, offset }: InputTransform): { readonly factor: string; readonly offset: string } {
  const list = (values: readonly number[]): string => values.map((value) => value.toPrecision(4)).join(', ');
  return { factor: list(factor), offset: list(offset) };
}
