import { z } from 'zod';
import { must } from '../../diagnostics/invariantError.ts';
import type { Range } from '../../diagnostics/range.ts';
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import type { Moment } from './definition.ts';
import { oneCycle } from './oneCycle.ts';
import { step } from './step.ts';

/** Every learning-rate schedule, in display order. */
const SCHEDULES = [constant, step, cosine, oneCycle] as const;

const [first, ...others] = SCHEDULES;

/** Schedule and its numbers, as a project file holds them. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  first.schema,
  ...others.map(({ schema }) => schema),
]);
export type ScheduleSettings = z.infer<typeof scheduleSchema>;
type ScheduleKind = ScheduleSettings['kind'];

export const SCHEDULE_KINDS: readonly ScheduleKind[] = SCHEDULES.map(({ kind }) => kind);

/** Limits of the numbers of all schedules, by name. */
export const SCHEDULE_NUMBERS: ReadonlyMap<string, Range> = new Map<string, Range>(
  SCHEDULES.flatMap(({ numbers }) => Object.entries(numbers)),
);

/** Returns the factor of the base learning rate as a function of the moment of a run. */
export function openSchedule(settings: ScheduleSettings): (moment: Moment) => number {
  return scheduleOf(settings.kind).open(settings);
}

/** True for a schedule that is a function of the total number of steps. */
export function spansTheRun(kind: ScheduleKind): boolean {
  return scheduleOf(kind).spansTheRun;
}

function scheduleOf(kind: ScheduleKind): (typeof SCHEDULES)[number] {
  return must(
    SCHEDULES.find((schedule) => schedule.kind === kind),
    `the schedule ${kind}`,
  );
}
