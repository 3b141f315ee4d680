import type { ScheduleSettings, TrainingSettings } from '../document/trainingSettings.ts';

type RateSettings = Pick<TrainingSettings, 'learningRate' | 'schedule' | 'warmupSteps'>;

/**
 * Learning rate of step `step` (from 0) in a run of `totalSteps`. With W warm-up steps, step t < W takes `(t + 1) / W` of the
 * schedule's first value; the schedule itself then spans the remaining `totalSteps - W` steps ('step' keeps counting whole
 * epochs of the run). Formulas: `scheduleFactor`.
 */
export function learningRateAt(
  settings: RateSettings,
  step: number,
  stepsPerEpoch: number,
  totalSteps: number,
): number {
  const { learningRate, schedule, warmupSteps } = settings;
  const span = Math.max(1, totalSteps - warmupSteps);
  const epochsDone = (at: number) => Math.floor(at / Math.max(1, stepsPerEpoch));
  if (step < warmupSteps) {
    return learningRate * scheduleFactor(schedule, 0, span, 0) * ((step + 1) / warmupSteps);
  }
  return learningRate * scheduleFactor(schedule, step - warmupSteps, span, epochsDone(step));
}

/**
 * Share of the base rate at step t of T (t from 0):
 * - constant: 1.
 * - step: `factor ^ floor(epochsDone / everyEpochs)`; torch.optim.lr_scheduler.StepLR.
 * - cosine: `f + (1 - f) * (1 + cos(pi t / T)) / 2`, f the final fraction; Loshchilov and Hutter 2017 (arXiv 1608.03983),
 *   equation 5, without restarts.
 * - oneCycle: `1/startDivisor` up to 1 at `t = rise*T - 1`, down to `1/(startDivisor*finalDivisor)` at `t = T - 1`, both as half
 *   cosines; Smith and Topin 2018 (arXiv 1708.07120) as torch.optim.lr_scheduler.OneCycleLR computes it.
 */
function scheduleFactor(schedule: ScheduleSettings, t: number, T: number, epochsDone: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(epochsDone / schedule.everyEpochs);
    case 'cosine':
      return halfCosine(1, schedule.finalFraction, Math.min(1, t / T));
    case 'oneCycle':
      return oneCycle(schedule, t, T);
  }
}

function oneCycle(schedule: Extract<ScheduleSettings, { kind: 'oneCycle' }>, t: number, T: number): number {
  const start = 1 / schedule.startDivisor;
  const end = start / schedule.finalDivisor;
  const top = Math.max(0, schedule.riseFraction * T - 1);
  if (t < top) return halfCosine(start, 1, t / top);
  return halfCosine(1, end, Math.min(1, (t - top) / (T - 1 - top || 1)));
}

/** From `from` to `to` along half a cosine, `share` from 0 to 1. */
function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}
