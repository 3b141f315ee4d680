import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import { samplerSchema } from './samplerSettings.ts';

/** Largest decay of a moving average that still moves. */
export const MAX_DECAY = 0.999_999_9;
const fraction = numberSchema.min(0).max(1);
/** Of an average that is corrected by 1 − β^t: 1 would divide by zero. */
const beta = numberSchema.min(0).max(MAX_DECAY);
const positive = numberSchema.positive();

/**
 * Optimizer and its coefficients. Defaults are PyTorch's (torch.optim.SGD, Adam, AdamW, RMSprop), except SGD's
 * momentum of 0.9, which the templates' reference uses. Lion's are its paper's (Chen et al. 2023, arXiv 2302.06675).
 */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: fraction.default(0.9),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: positive.default(1e-8),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: positive.default(1e-8),
  }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    /** Weight of the old mean square. */
    alpha: fraction.default(0.99),
    epsilon: positive.default(1e-8),
    momentum: fraction.default(0),
    centered: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('lion'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.99),
  }),
]);

/**
 * What training makes small. Over K outputs 'binaryCrossEntropy' is one yes-or-no question for each class; over one output it
 * and 'focal' tell two classes apart. Formulas: `core/backend/reference/lossRows.ts`. Focal's defaults are its paper's
 * (Lin et al. 2017, arXiv 1708.02002).
 */
export const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('crossEntropy') }),
  z.strictObject({ kind: z.literal('binaryCrossEntropy') }),
  z.strictObject({
    kind: z.literal('focal'),
    gamma: numberSchema.min(0).max(100).default(2),
    alpha: fraction.default(0.25),
  }),
  z.strictObject({ kind: z.literal('mse') }),
]);

/** Weight of each class's samples in the loss: the same, by the training images (`balancedWeights`), or given, sorted by name. */
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

/** Which weights the validation after an epoch measures. */
export const VALIDATED_WEIGHTS = ['average', 'raw', 'both'] as const;

/** A moving average of the weights beside them. Its decay is warmed up: `core/program/optimizer.ts`. */
export const averagingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('ema'),
    decay: numberSchema.min(0).max(MAX_DECAY).default(0.999),
    validate: z.enum(VALIDATED_WEIGHTS).default('average'),
  }),
]);

/** Learning rate over the steps of a run; `warmupSteps` rise linearly from 0 before any of them. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    everyEpochs: numberSchema.int().min(1).default(10),
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
  epochs: numberSchema.int().min(1).max(100_000).default(10),
  batchSize: numberSchema.int().min(1).max(65_536).default(64),
  optimizer: optimizerSchema.default({ kind: 'sgd', momentum: 0.9, nesterov: false }),
  learningRate: positive.default(0.05),
  schedule: scheduleSchema.default({ kind: 'cosine', finalFraction: 0 }),
  warmupSteps: numberSchema.int().min(0).default(0),
  /** Coefficient of the sum of absolute weights; its gradient is `l1 * sign(w)`. Acts on kernels, not on biases, gamma or beta. */
  l1: numberSchema.min(0).default(0),
  /** Weight decay: `l2 * w` in the gradient (SGD, RMSprop, Adam) or decoupled from it (AdamW, Lion). Acts on kernels only. */
  l2: numberSchema.min(0).default(0),
  loss: lossSchema.default({ kind: 'crossEntropy' }),
  classWeights: classWeightsSchema.default('none'),
  labelSmoothing: numberSchema.min(0).max(0.999).default(0),
  clipping: clippingSchema.default({ kind: 'none' }),
  /** Batches whose gradients make one update: the effective batch is `batchSize * accumulate`. */
  accumulate: numberSchema.int().min(1).max(4096).default(1),
  averaging: averagingSchema.default({ kind: 'none' }),
  shuffle: z.boolean().default(true),
  sampler: samplerSchema.default({ kind: 'all' }),
  remainder: z.enum(REMAINDER_POLICIES).default('keep'),
  seed: numberSchema.int().min(0).max(0xffff_ffff).default(1),
  precision: z.enum(['auto', 'f32', 'bf16']).default('auto'),
  /** Compute threads; 0 takes one for each physical core. */
  threads: numberSchema.int().min(0).max(256).default(0),
});

export type LossSettings = z.infer<typeof lossSchema>;
export type ClassWeights = z.infer<typeof classWeightsSchema>;
export type ClippingSettings = z.infer<typeof clippingSchema>;
export type AveragingSettings = z.infer<typeof averagingSchema>;
export type OptimizerSettings = z.infer<typeof optimizerSchema>;
export type ScheduleSettings = z.infer<typeof scheduleSchema>;
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;
export type Precision = TrainingSettings['precision'];
export type RemainderPolicy = TrainingSettings['remainder'];

/** The settings of a new project. */
export function defaultTrainingSettings(): TrainingSettings {
  return trainingSettingsSchema.parse({});
}
