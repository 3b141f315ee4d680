import { z } from 'zod';
import { lossSchema } from '../losses/registry.ts';
import { MAX_DECAY } from '../optimizers/coefficient.ts';
import { optimizerSchema } from '../optimizers/registry.ts';
import { scheduleSchema } from '../optimizers/schedules/registry.ts';
import { numberSchema } from '../diagnostics/number.ts';
import { samplerSchema } from './samplerSettings.ts';

const positive = numberSchema.positive();

/**
 * Weight of the samples of each class in the loss: equal, computed from the training images (`balancedWeights`), or
 * given, sorted by name.
 */
export const classWeightsSchema = z.union([
  z.enum(['none', 'balanced']),
  z.array(positive.max(1e6)).min(2).max(65_536),
]);

/** Limit of the gradient; conventions of torch.nn.utils.clip_grad_norm_ and clip_grad_value_. */
export const clippingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('norm'), limit: positive.default(1) }),
  z.strictObject({ kind: z.literal('value'), limit: positive.default(1) }),
]);

/** Which weights are validated after an epoch. */
export const VALIDATED_WEIGHTS = ['average', 'raw', 'both'] as const;

/** A moving average of the weights. Its decay is warmed up: see `core/program/optimizer.ts`. */
export const averagingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('ema'),
    decay: numberSchema.min(0).max(MAX_DECAY).default(0.999),
    validate: z.enum(VALIDATED_WEIGHTS).default('average'),
  }),
]);

/** What to do with the images that do not fill the last batch of an epoch. */
export const REMAINDER_POLICIES = ['keep', 'drop', 'merge'] as const;

/** Whether the output of a frozen prefix is kept. */
export const FEATURE_POLICIES = ['auto', 'off'] as const;

/** Most versions of an image whose features are kept. */
export const MOST_VERSIONS = 64;

/** The running statistics of the BatchNorm blocks before the head at the first step. */
const START_STATISTICS = ['stored', 'measured'] as const;

export const trainingSettingsSchema = z.strictObject({
  epochs: numberSchema.int().min(1).max(100_000).default(10),
  /**
   * In the first epochs only the head trains, with the trunk and its BatchNorm frozen; then everything as it is set.
   * Absent: 0.
   */
  headEpochs: numberSchema.int().min(0).max(100_000).optional(),
  batchSize: numberSchema.int().min(1).max(65_536).default(64),
  optimizer: optimizerSchema.default({ kind: 'sgd', momentum: 0.9, nesterov: false }),
  learningRate: positive.default(0.05),
  /** Learning rate schedule, after a warm-up in which the rate rises linearly from 0 over `warmupSteps`. */
  schedule: scheduleSchema.default({ kind: 'cosine', finalFraction: 0 }),
  warmupSteps: numberSchema.int().min(0).default(0),
  /**
   * Coefficient of the sum of absolute weights; its gradient is `l1 * sign(w)`. Applies to kernels, not to biases,
   * gamma or beta.
   */
  l1: numberSchema.min(0).default(0),
  /**
   * Weight decay: `l2 * w` in the gradient (SGD, RMSprop, Adam) or decoupled from it (AdamW, Lion). Applies to kernels
   * only.
   */
  l2: numberSchema.min(0).default(0),
  loss: lossSchema.default({ kind: 'crossEntropy' }),
  classWeights: classWeightsSchema.default('none'),
  labelSmoothing: numberSchema.min(0).max(0.999).default(0),
  clipping: clippingSchema.default({ kind: 'none' }),
  /**
   * Number of batches whose gradients are accumulated for one update: the effective batch is `batchSize * accumulate`.
   */
  accumulate: numberSchema.int().min(1).max(4096).default(1),
  averaging: averagingSchema.default({ kind: 'none' }),
  shuffle: z.boolean().default(true),
  sampler: samplerSchema.default({ kind: 'all' }),
  remainder: z.enum(REMAINDER_POLICIES).default('keep'),
  seed: numberSchema.int().min(0).max(0xffff_ffff).default(1),
  precision: z.enum(['auto', 'f32', 'bf16']).default('auto'),
  /**
   * Whether the output of a frozen prefix is computed once for each image and kept (`auto`, where that saves time), or
   * at each step like all others (`off`). Absent: `auto`.
   */
  features: z.enum(FEATURE_POLICIES).optional(),
  /**
   * With augmentation, the number of drawn versions of each training image whose features are kept: epoch e trains on
   * version e mod this number. Absent: none are kept with augmentation.
   */
  featureVersions: numberSchema.int().min(1).max(MOST_VERSIONS).optional(),
  /**
   * Whether a run begins with the running statistics that it finds (`stored`), or first replaces those of the BatchNorm
   * blocks before the head by exact ones over its training images (`measured`). Absent: `stored`.
   */
  startStatistics: z.enum(START_STATISTICS).optional(),
  /** Compute threads; 0: one per physical core. */
  threads: numberSchema.int().min(0).max(256).default(0),
});

export type ClassWeights = z.infer<typeof classWeightsSchema>;
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;
export type Precision = TrainingSettings['precision'];
export type RemainderPolicy = TrainingSettings['remainder'];

/** The settings of a new project. */
export function defaultTrainingSettings(): TrainingSettings {
  return trainingSettingsSchema.parse({});
}
