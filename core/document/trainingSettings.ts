import { z } from 'zod';
import { samplerSchema } from './samplerSettings.ts';

const fraction = z.number().min(0).max(1);
const positive = z.number().positive();

/**
 * Optimizer and its coefficients. Defaults are PyTorch's (torch.optim.SGD, Adam, AdamW), except SGD's momentum of 0.9,
 * which the templates' reference uses.
 */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: fraction.default(0.9),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: positive.default(1e-8),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: positive.default(1e-8),
  }),
]);

/** Learning rate over the steps of a run; `warmupSteps` rise linearly from 0 before any of them. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    everyEpochs: z.number().int().min(1).default(10),
    factor: positive.max(1).default(0.1),
  }),
  z.strictObject({ kind: z.literal('cosine'), finalFraction: fraction.default(0) }),
  z.strictObject({
    kind: z.literal('oneCycle'),
    riseFraction: fraction.default(0.3),
    startDivisor: positive.default(25),
    finalDivisor: positive.default(1e4),
  }),
]);

/** What happens to the images that do not fill the last batch of an epoch. */
export const REMAINDER_POLICIES = ['keep', 'drop', 'merge'] as const;

export const trainingSettingsSchema = z.strictObject({
  epochs: z.number().int().min(1).max(100_000).default(10),
  batchSize: z.number().int().min(1).max(65_536).default(64),
  optimizer: optimizerSchema.default({ kind: 'sgd', momentum: 0.9, nesterov: false }),
  learningRate: positive.default(0.05),
  schedule: scheduleSchema.default({ kind: 'cosine', finalFraction: 0 }),
  warmupSteps: z.number().int().min(0).default(0),
  /** Coefficient of the sum of absolute weights; its gradient is `l1 * sign(w)`. Acts on kernels, not on biases, gamma or beta. */
  l1: z.number().min(0).default(0),
  /** Weight decay: `l2 * w` in the gradient (SGD, Adam) or decoupled from it (AdamW). Acts on kernels only. */
  l2: z.number().min(0).default(0),
  labelSmoothing: z.number().min(0).max(0.999).default(0),
  shuffle: z.boolean().default(true),
  sampler: samplerSchema.default({ kind: 'all' }),
  remainder: z.enum(REMAINDER_POLICIES).default('keep'),
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
  precision: z.enum(['auto', 'f32', 'bf16']).default('auto'),
  /** Compute threads; 0 takes one for each physical core. */
  threads: z.number().int().min(0).max(256).default(0),
});

export type OptimizerSettings = z.infer<typeof optimizerSchema>;
export type ScheduleSettings = z.infer<typeof scheduleSchema>;
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;
export type Precision = TrainingSettings['precision'];
export type RemainderPolicy = TrainingSettings['remainder'];

/** The settings of a new project. */
export function defaultTrainingSettings(): TrainingSettings {
  return trainingSettingsSchema.parse({});
}
