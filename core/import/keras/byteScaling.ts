import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { Scaling } from './tensor.ts';

/** `network input = (byte - mean) / deviation`, one number per channel, in byte units 0 to 255. */
export interface ByteScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Largest mean and deviation, in byte units. */
const MOST = 65_535;
const LEAST_DEVIATION = 1e-3;

/** Mean and deviation of `scale * byte + offset`; null where no layer said it. Throws a fault beyond all images. */
export function byteScaling({ scale, offset, isStated }: Scaling): ByteScaling | null {
  if (!isStated) return null;
  const deviation = scale.map((value) => 1 / value);
  const mean = scale.map((value, index) => 0 - (offset[index] ?? 0) / value);
  const isUsable =
    deviation.every((value) => value >= LEAST_DEVIATION && value <= MOST) &&
    mean.every((value) => Math.abs(value) <= MOST);
  if (!isUsable) throw unsupportedFile(message('kerasFiles.scaling'));
  return { mean, deviation };
}
