import { InvariantError } from '../../diagnostics/invariantError.ts';
import { elementCount } from '../../shapes/shape.ts';
import type { Kernel } from './kernel.ts';
import { at } from './values.ts';

/*
 * logits z [N, K], labels [N]; M = number of labels that are not negative; s = label smoothing.
 * Forward:  p_k = exp(z_k) / sum_j exp(z_j) ; q_k = (1-s) * [k = label] + s/K
 *           loss = -1/M * sum over labelled n of sum_k q_k log p_k ; correct = labelled n whose first largest z is at the label
 * Backward: diffLogits = (p - q) / M for labelled samples, 0 for the others
 * Without any label the loss is NaN.
 */
export const crossEntropyForward: Kernel<'crossEntropyForward'> = (instruction, context) => {
  const classes = elementCount(context.dims(instruction.logits));
  const logits = context.data(instruction.logits);
  const probabilities = instruction.probabilities === null ? null : context.data(instruction.probabilities);
  const loss = context.data(instruction.loss);
  const correct = context.data(instruction.correct);
  return ({ labels }) => {
    let total = 0;
    let hits = 0;
    for (let n = 0; n < context.batch; n += 1) {
      const row = logits.subarray(n * classes, (n + 1) * classes);
      const logSum = logSumExp(row);
      probabilities?.set(
        row.map((value) => Math.exp(value - logSum)),
        n * classes,
      );
      const label = labelOf(labels, n, classes);
      if (label < 0) continue;
      row.forEach((value, k) => {
        total -= target(k, label, classes, instruction.labelSmoothing) * (value - logSum);
      });
      if (row.indexOf(row.reduce((a, b) => Math.max(a, b))) === label) hits += 1;
    }
    loss[0] = total / labelledCount(labels);
    correct[0] = hits;
  };
};

export const crossEntropyBackward: Kernel<'crossEntropyBackward'> = (instruction, context) => {
  const classes = elementCount(context.dims(instruction.diffLogits));
  const probabilities = context.data(instruction.probabilities);
  const diffLogits = context.data(instruction.diffLogits);
  return ({ labels }) => {
    const count = labelledCount(labels);
    for (let n = 0; n < context.batch; n += 1) {
      const label = labelOf(labels, n, classes);
      for (let k = 0; k < classes; k += 1) {
        const i = n * classes + k;
        const wanted = target(k, label, classes, instruction.labelSmoothing);
        diffLogits[i] = label < 0 ? 0 : (at(probabilities, i) - wanted) / count;
      }
    }
  };
};

/** Log of the sum of exponentials, the largest taken out first so that nothing overflows. */
function logSumExp(row: Float64Array): number {
  const largest = row.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

function target(k: number, label: number, classes: number, smoothing: number): number {
  return (k === label ? 1 - smoothing : 0) + smoothing / classes;
}

function labelOf(labels: Int32Array | null, n: number, classes: number): number {
  const label = labels?.[n] ?? -1;
  if (label >= classes) throw new InvariantError(`label ${String(label)} of ${String(classes)} classes`);
  return label;
}

function labelledCount(labels: Int32Array | null): number {
  return labels === null ? 0 : labels.reduce((count, label) => count + (label < 0 ? 0 : 1), 0);
}
