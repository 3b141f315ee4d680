import { describe, expect, it } from 'vitest';
import { scheduleSchema, type ScheduleSettings } from '../optimizers/schedules/registry.ts';
import { learningRateAt } from './schedule.ts';

function rates(schedule: object, total: number, warmupSteps = 0, stepsPerEpoch = 5): number[] {
  const settings = { learningRate: 0.1, schedule: scheduleSchema.parse(schedule), warmupSteps };
  return Array.from({ length: total }, (_, step) => learningRateAt(settings, step, stepsPerEpoch, total));
}
function expectClose(actual: number[], expected: number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] ?? NaN, 10);
  });
}

describe('learningRateAt', () => {
  it('keeps a constant rate', () => {
    expectClose(rates({ kind: 'constant' }, 3), [0.1, 0.1, 0.1]);
  });

  it('drops by steps of whole epochs', () => {
    const expected = [...Array<number>(10).fill(0.1), ...Array<number>(10).fill(0.05), 0.025];
    expectClose(rates({ kind: 'step', everyEpochs: 2, factor: 0.5 }, 21), expected);
  });

  it('follows the cosine as torch defines it (CosineAnnealingLR, T_max=4, eta_min=0.01)', () => {
    const quarter = 0.01 + (0.09 * (1 + Math.SQRT1_2)) / 2;
    expectClose(rates({ kind: 'cosine', finalFraction: 0.1 }, 4), [0.1, quarter, 0.055, 0.11 - quarter]);
  });

  it('follows one cycle as torch defines it (OneCycleLR, max_lr=0.1, total_steps=10)', () => {
    const expected = [
      0.004, 0.052, 0.1, 0.095048463201, 0.081174565395, 0.061126202194, 0.038874197806, 0.018825834605,
      0.004951936799, 4e-7,
    ];
    expectClose(rates({ kind: 'oneCycle' }, 10), expected);
  });

  it('rises linearly in the warm-up and spreads the rest over what remains', () => {
    expectClose(rates({ kind: 'constant' }, 5, 4), [0.025, 0.05, 0.075, 0.1, 0.1]);
    expectClose(rates({ kind: 'cosine' }, 4, 2), [0.05, 0.1, 0.1, 0.05]);
  });

  it('stays finite and positive at the edges: one step, all warm-up, no rise, all rise', () => {
    const schedules: ScheduleSettings[] = [
      { kind: 'constant' },
      { kind: 'step', everyEpochs: 1, factor: 0.1 },
      { kind: 'cosine', finalFraction: 0 },
      ...[0, 0.3, 1].map(
        (riseFraction) => ({ kind: 'oneCycle', riseFraction, startDivisor: 25, finalDivisor: 1e4 }) as const,
      ),
    ];
    for (const schedule of schedules) {
      for (const total of [1, 2, 3, 7]) {
        for (const warmup of [0, 1, 7]) {
          const values = rates(schedule, total, warmup);
          expect(values.every((value) => Number.isFinite(value) && value > 0 && value <= 0.1 + 1e-12)).toBe(
            true,
          );
        }
      }
    }
  });
});
