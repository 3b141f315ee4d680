import { InvariantError } from '../../diagnostics/invariantError.ts';
import { totalWeight, type LossPlan } from '../../program/loss.ts';
import { elementCount } from '../../program/shape.ts';
import type { LabelMix } from '../backend.ts';
import type { Kernel } from './kernel.ts';
import type { LossTerms } from '../../losses/definition.ts';
import { lossOf } from '../../losses/registry.ts';
import { at } from './values.ts';

/*
 * logits z [N, K], labels [N]; samples with a negative label have no loss and no gradient. W = sum of w(label) over the
 * others. A mixed sample has l_n = a l(label) + (1-a) l(other label) and w = a w(label) + (1-a) w(other label); a is
 * the share of the first label.
 * Forward:  loss = 1/W sum_n l_n (core/losses), NaN without any label ; slopes = dl_n/dz
 *           correct = labelled n whose first largest z is at the label; over one logit, (z > 0) = (label is 1)
 * Backward: diffLogits = slopes / W
 */
export const lossForward: Kernel<'lossForward'> = (instruction, context) => {
  const width = elementCount(context.dims(instruction.logits));
  const logits = context.data(instruction.logits);
  const slopes =
    instruction.slopes === null ? new Float64Array(logits.length) : context.data(instruction.slopes);
  const loss = context.data(instruction.loss);
  const correct = context.data(instruction.correct);
  const spare = new Float64Array(width);
  return ({ labels, mix }) => {
    let total = 0;
    let hits = 0;
    for (let n = 0; n < context.batch; n += 1) {
      const row = logits.subarray(n * width, (n + 1) * width);
      const into = slopes.subarray(n * width, (n + 1) * width);
      const label = labelOf(labels, n, width);
      if (label < 0) {
        into.fill(0);
        continue;
      }
      const own = lossOf(instruction.kind).row(instruction, row, label, into);
      total += mix === null ? own : mixIn(instruction, row, mix, n, own, into, spare);
      if (decided(row) === label) hits += 1;
    }
    const weight = weightOf(instruction, labels, mix);
    loss[0] = weight > 0 ? total / weight : NaN;
    correct[0] = hits;
  };
};

export const lossBackward: Kernel<'lossBackward'> = (instruction, context) => {
  const slopes = context.data(instruction.slopes);
  const diffLogits = context.data(instruction.diffLogits);
  return ({ labels, mix }) => {
    const weight = weightOf(instruction, labels, mix);
    for (let i = 0; i < diffLogits.length; i += 1) diffLogits[i] = weight > 0 ? at(slopes, i) / weight : 0;
  };
};

export const seedLogit: Kernel<'seedLogit'> = (instruction, context) => {
  const diffLogits = context.data(instruction.diffLogits);
  const [width = 1] = context.dims(instruction.diffLogits);
  return ({ labels }) => {
    diffLogits.fill(0);
    for (let n = 0; n < context.batch; n += 1) {
      const label = labelOf(labels, n, width);
      if (label < 0) continue;
      if (width === 1) diffLogits[n] = label === 1 ? 1 : -1;
      else diffLogits[n * width + label] = 1;
    }
  };
};

function weightOf(
  plan: Pick<LossPlan, 'classWeights'>,
  labels: Int32Array | null,
  mix: LabelMix | null,
): number {
  return labels === null ? 0 : totalWeight(plan, labels, mix);
}

/**
 * Returns the loss of a mixed sample, where `own` is the loss by the first label; adds the part of the second label to
 * its `slopes`.
 */
function mixIn(
  terms: LossTerms,
  row: Float64Array,
  mix: LabelMix,
  n: number,
  own: number,
  slopes: Float64Array,
  spare: Float64Array,
): number {
  const share = mix.shares[n] ?? 1;
  if (share === 1) return own;
  const other = lossOf(terms.kind).row(terms, row, labelOf(mix.labels, n, row.length), spare);
  for (let k = 0; k < slopes.length; k += 1) slopes[k] = share * at(slopes, k) + (1 - share) * at(spare, k);
  return share * own + (1 - share) * other;
}

function decided(row: Float64Array): number {
  return row.length === 1 ? Number(at(row, 0) > 0) : row.indexOf(row.reduce((a, b) => Math.max(a, b)));
}

function labelOf(labels: Int32Array | null, n: number, width: number): number {
  const label = labels?.[n] ?? -1;
  const classes = Math.max(2, width);
  if (label >= classes) throw new InvariantError(`label ${String(label)} of ${String(classes)} classes`);
  return label;
}
