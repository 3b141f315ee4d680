import { lossOf } from '../losses/registry.ts';
import type { LossPlan } from '../program/loss.ts';
import { forEachRow, type LogitRows, type Tick } from './logitRows.ts';

/**
 * Mean of a loss function over the images, in float64, without label smoothing; the class weights of `plan` apply. NaN
 * without images.
 */
export async function meanLoss(rows: LogitRows, plan: LossPlan, tick: Tick): Promise<number> {
  const { row } = lossOf(plan.kind);
  const terms = { ...plan, labelSmoothing: 0 };
  const slopes = new Float64Array(rows.width);
  let sum = 0;
  await forEachRow(
    rows,
    (logits, label) => {
      sum += row(terms, logits, label, slopes);
    },
    tick,
  );
  return sum / rows.count;
}
