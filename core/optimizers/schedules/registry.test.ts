import { expect, it } from 'vitest';
import { openSchedule, SCHEDULE_KINDS, SCHEDULE_NUMBERS, scheduleSchema, spansTheRun } from './registry.ts';

it('offers the schedules in this order', () => {
  expect(SCHEDULE_KINDS).toEqual(['constant', 'step', 'cosine', 'oneCycle']);
});

it.each(SCHEDULE_KINDS)('%s has limits for each number, and a share of the rate at every moment', (kind) => {
  const settings = scheduleSchema.parse({ kind });
  for (const name of Object.keys(settings).filter((key) => key !== 'kind')) {
    const { min } = SCHEDULE_NUMBERS.get(name) ?? { min: NaN };
    expect(scheduleSchema.safeParse({ kind, [name]: min - 1 }).success, name).toBe(false);
    expect(scheduleSchema.safeParse({ kind, [name]: min + 1 }).success, name).toBe(true);
  }
  const factor = openSchedule(settings);
  const shares = Array.from({ length: 50 }, (_, t) => factor({ t, T: 50, epochsDone: Math.floor(t / 5) }));
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect(Math.max(...shares)).toBeCloseTo(1, 2);
});

it.each(SCHEDULE_KINDS)('%s depends on the number of all steps where it says so, and only there', (kind) => {
  const factor = openSchedule(scheduleSchema.parse({ kind }));
  const at = (T: number): number => factor({ t: 20, T, epochsDone: 4 });
  expect(at(100) !== at(200)).toBe(spansTheRun(kind));
});
