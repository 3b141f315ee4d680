/**
 * Smoothing weights of the slider and the box; source: TensorBoard, `data_transformer.ts` and
 * `METRICS_SETTINGS_DEFAULT`.
 */
export const MAX_SMOOTHING = 0.999;
export const DEFAULT_SMOOTHING = 0.6;

/**
 * Debiased exponential moving average, as in TensorBoard: `last = w·last + (1 − w)·y`, divided by `1 − w^n` over the n
 * finite values so far. A constant line and values that are not finite are unchanged. An entry for `counts[i]` rows
 * changes the average as that many rows with its mean would: with `w^counts[i]` in place of `w`, which for single rows
 * is the formula itself.
 */
export function smooth(values: Float64Array, counts: Float64Array, weight: number): Float64Array {
  const smoothed = Float64Array.from(values);
  if (weight <= 0 || isConstant(values)) return smoothed;
  let last = 0;
  let forgotten = 1;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const keep = weight ** (counts[i] ?? 1);
    last = keep * last + (1 - keep) * value;
    forgotten *= keep;
    smoothed[i] = last / (1 - forgotten);
  }
  return smoothed;
}

function isConstant(values: Float64Array): boolean {
  const first = values[0];
  return values.every((value) => value === first);
}
