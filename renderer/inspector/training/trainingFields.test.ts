import { describe, expect, it } from 'vitest';
import { defaultTrainingSettings, trainingSettingsSchema } from '#core/document/trainingSettings.ts';
import { SCHEDULE_KINDS } from '#core/optimizers/schedules/registry.ts';
import { OPTIMIZER_KINDS } from '#core/optimizers/registry.ts';
import {
  coefficientsOf,
  MACHINE_NUMBERS,
  optimizerOf,
  RATE_NUMBERS,
  REGULARIZATION_NUMBERS,
  RUN_NUMBERS,
  scheduleOf,
  TUNING_NUMBERS,
  UPDATE_NUMBERS,
  WARMUP_NUMBERS,
  withOptimizerField,
  withScheduleField,
  type NumberSetting,
} from './trainingFields.ts';

const ALL: readonly NumberSetting[] = [
  ...RUN_NUMBERS,
  ...RATE_NUMBERS,
  ...WARMUP_NUMBERS,
  ...REGULARIZATION_NUMBERS,
  ...MACHINE_NUMBERS,
  ...UPDATE_NUMBERS,
];

function isAllowed(name: string, value: number): boolean {
  return trainingSettingsSchema.safeParse({ ...defaultTrainingSettings(), [name]: value }).success;
}

describe('limits of the fields', () => {
  it.each(ALL)('$name has those of the schema', ({ name, min, max, integer, exclusiveMin }) => {
    expect(isAllowed(name, min)).toBe(!exclusiveMin);
    expect(isAllowed(name, min - 1)).toBe(false);
    if (max !== undefined) {
      expect(isAllowed(name, max)).toBe(true);
      expect(isAllowed(name, max + 1)).toBe(false);
    }
    expect(isAllowed(name, min + 0.5)).toBe(!integer);
  });

  it.each(Object.values(TUNING_NUMBERS))(
    '$name has those of the schema, and 0 for absent',
    ({ name, min, max }) => {
      expect([min, isAllowed(name, 0.5), isAllowed(name, max), isAllowed(name, max + 1)]).toEqual([
        ...[0, false, true, false],
      ]);
    },
  );

  const parts = [...OPTIMIZER_KINDS.map(optimizerOf), ...SCHEDULE_KINDS.map(scheduleOf)];
  it.each(parts)('every number of $kind has a field', (part) => {
    const numbers = Object.values(part).filter((value) => typeof value === 'number');
    expect(coefficientsOf(part).map(({ value }) => value)).toEqual(numbers);
  });
});

describe('setting one field', () => {
  it('changes it', () => {
    expect(withOptimizerField(optimizerOf('sgd'), 'momentum', 0.5)).toMatchObject({ momentum: 0.5 });
    expect(withScheduleField(scheduleOf('step'), 'everyEpochs', 3)).toMatchObject({ everyEpochs: 3 });
  });
  it('leaves everything as it was for a value that the schema refuses', () => {
    const sgd = optimizerOf('sgd');
    expect(withOptimizerField(sgd, 'momentum', 2)).toBe(sgd);
    const step = scheduleOf('step');
    expect(withScheduleField(step, 'factor', 0)).toBe(step);
  });
});
