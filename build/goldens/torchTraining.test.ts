import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectAllClose } from '#core/conformance/expectAllClose.ts';
import { prepareUpdate } from '#core/backend/reference/update.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { LOSS_KINDS, lossOf } from '#core/losses/registry.ts';
import { planOf } from '#core/optimizers/registry.ts';
import { scheduleSchema } from '#core/optimizers/schedules/registry.ts';
import { CROSS_ENTROPY, weightOfLabel } from '#core/program/loss.ts';
import type { ParameterSlot, StateLayout } from '#core/program/stateLayout.ts';
import { learningRateAt } from '#core/training/schedule.ts';
import type { UpdateSettings } from './goldenCase.ts';

/** Numbers of PyTorch itself, in float64; `torch_training.py` in this folder generates them, with twelve digits. */
const goldens = z
  .object({
    torch: z.string(),
    losses: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(LOSS_KINDS),
        logits: z.array(z.array(z.number())),
        labels: z.array(z.number()),
        loss: z.number(),
        gradient: z.array(z.array(z.number())),
        weights: z.array(z.number()).optional(),
        smoothing: z.number().default(0),
        gamma: z.number().default(0),
        alpha: z.number().default(1),
      }),
    ),
    optimizers: z.array(z.object({ plan: z.custom<UpdateSettings>(), path: z.array(z.array(z.number())) })),
    groups: z.array(
      z.object({
        plan: z.custom<UpdateSettings>(),
        factors: z.array(z.number().nullable()),
        path: z.array(z.array(z.number())),
      }),
    ),
    schedules: z.array(
      z.object({
        schedule: scheduleSchema,
        warmup: z.number().default(0),
        epochs: z.number(),
        steps: z.number(),
        rates: z.array(z.number()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('torchTraining.json', import.meta.url), 'utf8')));

const DIGITS = { relative: 1e-10, absolute: 1e-11 };

describe(`PyTorch ${goldens.torch}`, () => {
  it.each(goldens.losses)('loss: $kind, $name', (golden) => {
    const { kind, smoothing: labelSmoothing, alpha, gamma: exponent, weights, labels } = golden;
    const terms = { ...CROSS_ENTROPY, kind, labelSmoothing, alpha, exponent, classWeights: weights ?? null };
    const whole = labels.reduce((sum, label) => sum + weightOfLabel(terms, label), 0);
    let loss = 0;
    golden.logits.forEach((row, n) => {
      const slopes = new Float64Array(row.length);
      loss += lossOf(kind).row(terms, Float64Array.from(row), labels[n] ?? -1, slopes) / whole;
      expectAllClose(
        slopes.map((slope) => slope / whole),
        golden.gradient[n] ?? [],
        DIGITS,
        `row ${n}`,
      );
    });
    expectAllClose([loss], [golden.loss], DIGITS, 'loss');
  });

  it.each(goldens.optimizers)('ten steps of $plan.kind ($plan)', ({ plan, path }) => {
    expectPath(plan, [slotOf(0, 3, 1)], path);
  });

  it.each(goldens.groups)('ten steps of $plan.kind, factors $factors', ({ plan, factors, path }) => {
    const slots = factors.map((factor, index) => slotOf(index, 1, factor));
    expectPath(plan, slots, path);
    const frozen = factors.indexOf(null);
    if (frozen >= 0) expect(new Set(path.map((values) => values[frozen])).size).toBe(1);
  });

  it.each(goldens.schedules)('schedule $schedule.kind, warm-up $warmup', (golden) => {
    const { schedule, warmup: warmupSteps, epochs, steps, rates } = golden;
    const found = rates.map((_, step) =>
      learningRateAt({ learningRate: 0.2, schedule, warmupSteps }, step, steps / epochs, steps),
    );
    expectAllClose(found, rates, DIGITS, 'rates');
    expect(new Set(rates).size).toBeGreaterThan(2);
  });
});

/** Ten updates of three weights by the reference; compares the weights after each. */
function expectPath(
  settings: UpdateSettings,
  slots: readonly ParameterSlot[],
  path: readonly (readonly number[])[],
): void {
  const plan = planOf(settings);
  const layout = layoutOf(slots, plan.moments.length);
  const state = new Float64Array(layout.totalSize);
  state.set([0.8, -0.6, 0.3]);
  const gradients = new Float64Array(3);
  const update = prepareUpdate(plan, layout, { state, gradients, accumulated: new Float64Array(0) });
  for (const [index, expected] of path.entries()) {
    for (let i = 0; i < 3; i += 1) {
      const w = state[i] ?? NaN;
      gradients[i] = Math.sin(3 * w + index + 1) + 0.4 * w;
    }
    update.run({ learningRate: 0.05, step: index + 1, randomKey: 0 });
    expectAllClose(state.slice(0, 3), expected, DIGITS, `step ${index + 1}`);
  }
}

/** A frozen slot for a factor of null. */
function slotOf(offset: number, size: number, factor: number | null): ParameterSlot {
  return {
    ...{ name: `w${offset}`, node: 'n' as NodeId, field: 'weights', dims: [size], offset, size },
    ...{ init: { kind: 'constant', value: 0 }, trainable: factor !== null, decayed: true },
    rateFactor: factor ?? 1,
  };
}

function layoutOf(parameters: readonly ParameterSlot[], moments: number): StateLayout {
  return {
    ...{ parameters, statistics: [], parameterSize: 3, statisticsOffset: 3, statisticsSize: 0 },
    ...{ moments, momentOffsets: [3, 6, 9].slice(0, moments), totalSize: 3 + 3 * moments },
  };
}
