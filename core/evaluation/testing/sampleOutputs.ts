import type { Readout } from '../../losses/definition.ts';
import { rowsInMemory, type LogitRows } from '../logitRows.ts';

/**
 * For tests: logits and labels by a formula that is exact in float32 and gives an image no two equal logits. Python
 * repeats it: with `y = (i*i + 3*i + i % 7) % classes` for image i, logit k is
 * `((37*i + 101*k + 7*i*k + 13*i*i) % 97) / 16 - 3 + 2*(k == y) + k / 1024`; with one logit, `y` stands for `k == y`.
 */
export function sampleOutputs(count: number, classes: number, readout: Readout, width = classes): LogitRows {
  const labels = Int32Array.from({ length: count }, (_, i) => (i * i + 3 * i + (i % 7)) % classes);
  const logits = Float32Array.from({ length: count * width }, (_, at) => {
    const [i, k] = [Math.floor(at / width), at % width];
    const isOwn = width === 1 ? labels[i] === 1 : k === labels[i];
    return ((37 * i + 101 * k + 7 * i * k + 13 * i * i) % 97) / 16 - 3 + (isOwn ? 2 : 0) + k / 1024;
  });
  return rowsInMemory(logits, labels, { width, readout });
}
