import { decidedClass } from '../export/readout.ts';
import { hardTarget, sigmoid, softplus } from '../losses/rows.ts';
import { binSums, calibrationErrors } from './calibration.ts';
import { confidenceOf } from './imageScores.ts';
import { forEachRow, type LogitRows, type Tick } from './logitRows.ts';

/** The temperature that fits the probabilities to the labels, and what it changes. */
export interface Temperature {
  /**
   * Logits divided by it have the smallest mean loss. Above 1 the network is too sure of itself, below 1 too unsure.
   */
  readonly value: number;
  /**
   * Mean negative log-likelihood at temperature 1 and at `value`. Where each class has a probability of its own, it is
   * the binary cross-entropy, summed over classes.
   */
  readonly before: number;
  readonly after: number;
  /** Expected calibration error at `value`. */
  readonly expectedError: number;
}

/** The search goes from one hundredth to one hundred. */
const LOWEST = 0.01;
const HIGHEST = 100;
const MOST_PASSES = 60;
/** Newton's method doubles the correct digits with each step: after a step this small the next one changes nothing. */
const PRECISE = 1e-8;

/**
 * Temperature scaling (Guo et al. 2017, section 4.2): the T that minimizes the mean loss of `logits / T`, in float64.
 * In `1 / T` the loss is convex; its slope is followed by Newton's method, and by bisection where a step would leave
 * the bracket (Press et al., Numerical Recipes, section 9.4). Null without a minimum between 0.01 and 100, as for a
 * network that is always right, and for outputs that are clipped.
 */
export async function fitTemperature(rows: LogitRows, tick: Tick): Promise<Temperature | null> {
  if (rows.readout === 'clip' || rows.count === 0) return null;
  const first = await lossAt(rows, 1, tick);
  const isTooSure = first.slope > 0;
  const end = await lossAt(rows, isTooSure ? 1 / HIGHEST : 1 / LOWEST, tick);
  if (!(isTooSure ? end.slope < 0 : end.slope > 0)) return first.slope === 0 ? unchanged(first) : null;
  let [low, high] = isTooSure ? [1 / HIGHEST, 1] : [1, 1 / LOWEST];
  let [scale, found] = [1, first];
  for (let pass = 0; pass < MOST_PASSES && found.slope !== 0; pass += 1) {
    if (found.slope < 0) low = scale;
    else high = scale;
    const newton = scale - found.slope / found.curvature;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    const isClose = Math.abs(next - scale) <= PRECISE * scale;
    scale = next;
    found = await lossAt(rows, scale, tick);
    if (isClose) break;
  }
  return { value: 1 / scale, before: first.loss, after: found.loss, expectedError: found.expectedError };
}

function unchanged({ loss, expectedError }: ScaledLoss): Temperature {
  return { value: 1, before: loss, after: loss, expectedError };
}

/** Mean loss of the logits times `scale`, its derivatives in `scale`, and the expected calibration error. */
interface ScaledLoss {
  loss: number;
  slope: number;
  curvature: number;
  expectedError: number;
}

async function lossAt(rows: LogitRows, scale: number, tick: Tick): Promise<ScaledLoss> {
  const sum = { loss: 0, slope: 0, curvature: 0 };
  const add = rows.readout === 'softmax' ? addSoftmax : addSigmoid;
  const scaled = new Float64Array(rows.width);
  const confidence = new Float64Array(rows.count);
  const right = new Uint8Array(rows.count);
  await forEachRow(
    rows,
    (logits, label, image) => {
      for (let k = 0; k < logits.length; k += 1) scaled[k] = scale * (logits[k] ?? NaN);
      const decided = decidedClass(logits);
      confidence[image] = add(sum, logits, scaled, label, decided);
      right[image] = decided === label ? 1 : 0;
    },
    tick,
  );
  const { count } = rows;
  return {
    ...{ loss: sum.loss / count, slope: sum.slope / count, curvature: sum.curvature / count },
    expectedError: calibrationErrors(binSums({ confidence, right }, null)).expected,
  };
}

/** Adds the loss of one image and its derivatives, and returns the probability of the decided class. */
type AddLoss = (
  sum: Pick<ScaledLoss, 'loss' | 'slope' | 'curvature'>,
  logits: Float64Array,
  scaled: Float64Array,
  label: number,
  decided: number,
) => number;

/** `l = logsumexp(s z) - s z_y ; dl/ds = E[z] - z_y ; d²l/ds² = Var[z]`, both over `p = softmax(s z)`. */
const addSoftmax: AddLoss = (sum, logits, scaled, label, decided) => {
  const top = scaled[decided] ?? NaN;
  const own = logits[label] ?? NaN;
  let [powers, mean, square] = [0, 0, 0];
  for (let k = 0; k < logits.length; k += 1) {
    const power = Math.exp((scaled[k] ?? NaN) - top);
    // Distances from the true class: squares of large logits would cancel.
    const away = (logits[k] ?? NaN) - own;
    powers += power;
    mean += power * away;
    square += power * away * away;
  }
  mean /= powers;
  sum.loss += top + Math.log(powers) - (scaled[label] ?? NaN);
  sum.slope += mean;
  sum.curvature += square / powers - mean * mean;
  return 1 / powers;
};

/** `l = sum_k softplus(s z_k) - t_k s z_k ; dl/ds = sum_k (p_k - t_k) z_k ; d²l/ds² = sum_k p_k (1-p_k) z_k²`. */
const addSigmoid: AddLoss = (sum, logits, scaled, label, decided) => {
  for (let k = 0; k < logits.length; k += 1) {
    const z = logits[k] ?? NaN;
    const own = scaled[k] ?? NaN;
    const target = hardTarget(PLAIN, k, label, logits.length);
    sum.loss += softplus(own) - target * own;
    sum.slope += (sigmoid(own) - target) * z;
    sum.curvature += sigmoid(own) * sigmoid(-own) * z * z;
  }
  return confidenceOf('sigmoid', scaled, decided);
};

/** Without label smoothing. */
const PLAIN = {
  kind: 'binaryCrossEntropy',
  labelSmoothing: 0,
  exponent: 0,
  alpha: 1,
  classWeights: null,
} as const;
