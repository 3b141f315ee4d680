import { z } from 'zod';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import { SCHEDULE_KINDS, spansTheRun } from '../optimizers/schedules/registry.ts';
import { message, sentences, type Message } from '../words/message.ts';
import { learningRateAt } from './schedule.ts';

const count = z.number().int().nonnegative();

/** An extension of a run to more epochs, and its effect on the learning rate. */
export const extensionSchema = z.object({
  fromEpochs: count,
  toEpochs: count,
  /** Number of updates done at that point, of `toSteps`. */
  atStep: count,
  toSteps: count,
  schedule: z.enum(SCHEDULE_KINDS),
  /** True where the schedule depends on the number of steps: it now spans all of them. */
  isStretched: z.boolean(),
  /** Learning rate of the last update under the former schedule; null before the first. */
  lastRate: z.number().nullable(),
  /** Learning rate of the first update under the new one. */
  nextRate: z.number(),
});
export type Extension = z.infer<typeof extensionSchema>;

/**
 * The extension of a run of `settings`, after `atStep` updates, to `toEpochs` epochs in total. Each further update has
 * the learning rate of the same update in a run of `toEpochs` epochs. Where the schedule does not depend on the number
 * of steps, the extended run is bit-identical to one started with `toEpochs` epochs.
 */
export function extensionOf(
  settings: TrainingSettings,
  toEpochs: number,
  atStep: number,
  stepsPerEpoch: number,
): Extension {
  const rateAt = (step: number, epochs: number): number =>
    learningRateAt(settings, step, stepsPerEpoch, epochs * stepsPerEpoch);
  return {
    fromEpochs: settings.epochs,
    toEpochs,
    atStep,
    toSteps: toEpochs * stepsPerEpoch,
    schedule: settings.schedule.kind,
    isStretched: spansTheRun(settings.schedule.kind),
    lastRate: atStep === 0 ? null : rateAt(atStep - 1, settings.epochs),
    nextRate: rateAt(atStep, toEpochs),
  };
}

/** The message about an extension. */
export function extensionNote(extension: Extension): Message {
  const { fromEpochs: from, toEpochs: to, atStep: step, toSteps: steps } = extension;
  return sentences(message('runs.goesOn', { from, to, step, steps }), scheduleNote(extension));
}

function scheduleNote({ toSteps, schedule: kind, isStretched, lastRate, nextRate }: Extension): Message {
  const schedule = message(`runs.${kind}`);
  if (!isStretched) return message('runs.scheduleStays', { schedule });
  const rate = (value: number): number => Number(value.toPrecision(3));
  const values = { schedule, steps: toSteps, next: rate(nextRate) };
  return lastRate === null
    ? message('runs.scheduleStretched', values)
    : message('runs.scheduleStretchedFrom', { ...values, last: rate(lastRate) });
}
