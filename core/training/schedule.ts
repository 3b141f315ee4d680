import type { TrainingSettings } from '../document/trainingSettings.ts';
import { openSchedule } from '../optimizers/schedules/registry.ts';

type RateSettings = Pick<TrainingSettings, 'learningRate' | 'schedule' | 'warmupSteps'>;

/**
 * Learning rate of step `step` (from 0) in a run of `totalSteps`. With W warm-up steps, step t < W has `(t + 1) / W`
 * times the schedule's first value; the schedule then spans the remaining `totalSteps - W` steps (but 'step' counts
 * whole epochs of the run). Formulas: `core/optimizers/schedules`.
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
  const factor = openSchedule(schedule);
  if (step < warmupSteps) {
    return learningRate * factor({ t: 0, T: span, epochsDone: 0 }) * ((step + 1) / warmupSteps);
  }
  return learningRate * factor({ t: step - warmupSteps, T: span, epochsDone: epochsDone(step) });
}
