import { InvalidArgumentError, Option, type Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import {
  averagingSchema,
  MAX_DECAY,
  lossSchema,
  optimizerSchema,
  VALIDATED_WEIGHTS,
  type ClassWeights,
  type OptimizerSettings,
  type TrainingSettings,
} from '#core/document/trainingSettings.ts';
import { CHECKPOINT_CHOICES, type CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { oneOf, realNumber, wholeNumber } from './parsers.ts';

const OPTIMIZERS = ['sgd', 'rmsprop', 'adam', 'adamw', 'lion'] as const;
/** Names on the command line, and in the settings. */
const LOSSES = {
  'cross-entropy': 'crossEntropy',
  'binary-cross-entropy': 'binaryCrossEntropy',
  focal: 'focal',
  mse: 'mse',
} as const;
const LOSS_NAMES = Object.keys(LOSSES) as (keyof typeof LOSSES)[];

/** Coefficients of optimizers: option, field of the settings. */
const COEFFICIENTS = [
  ['momentum', 'momentum'],
  ['nesterov', 'nesterov'],
  ['beta1', 'beta1'],
  ['beta2', 'beta2'],
  ['epsilon', 'epsilon'],
  ['alpha', 'alpha'],
  ['centered', 'centered'],
] as const;

export interface UpdateOptions {
  optimizer?: (typeof OPTIMIZERS)[number];
  momentum?: number;
  nesterov?: true;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  alpha?: number;
  centered?: true;
  weightDecay?: number;
  l1?: number;
  loss?: keyof typeof LOSSES;
  focalGamma?: number;
  focalAlpha?: number;
  classWeights?: ClassWeights;
  labelSmoothing?: number;
  clipNorm?: number;
  clipValue?: number;
  accumulate?: number;
  ema?: number;
  emaValidate?: (typeof VALIDATED_WEIGHTS)[number];
}

/** Adds the options that say what is made small and how a step is made. */
export function withUpdateOptions(command: Command): Command {
  return command
    .option('--optimizer <name>', OPTIMIZERS.join(', '), oneOf(OPTIMIZERS))
    .option('--momentum <x>', 'momentum of sgd or rmsprop', realNumber(0, 1))
    .option('--nesterov', 'Nesterov momentum of sgd')
    .option('--beta1 <x>', 'of adam, adamw, lion', realNumber(0, MAX_DECAY))
    .option('--beta2 <x>', 'of adam, adamw, lion', realNumber(0, MAX_DECAY))
    .option('--epsilon <x>', 'of rmsprop, adam, adamw', realNumber(0, Infinity, true))
    .option('--alpha <x>', 'weight of the old mean square of rmsprop', realNumber(0, 1))
    .option('--centered', 'rmsprop by the variance of the gradient')
    .option('--weight-decay <x>', 'weight decay (L2) of kernels', realNumber(0, Infinity))
    .option('--l1 <x>', 'L1 coefficient of kernels', realNumber(0, Infinity))
    .option('--loss <name>', LOSS_NAMES.join(', '), oneOf(LOSS_NAMES))
    .option('--focal-gamma <x>', 'exponent of the focal loss', realNumber(0, 100))
    .option('--focal-alpha <x>', 'factor of the focal loss', realNumber(0, 1))
    .option(
      '--class-weights <w>',
      'none, balanced, or one number for each class in the order of their names: 1,2.5,1',
      parseLossWeights,
    )
    .option('--label-smoothing <x>', 'label smoothing', realNumber(0, 0.999))
    .addOption(
      new Option('--clip-norm <x>', 'scale the gradient down to this norm (0: off)')
        .argParser(realNumber(0, Infinity))
        .conflicts('clipValue'),
    )
    .option(
      '--clip-value <x>',
      'cut each element of the gradient to this size (0: off)',
      realNumber(0, Infinity),
    )
    .option(
      '--accumulate <k>',
      'batches whose gradients make one update; BatchNorm still sees each alone',
      wholeNumber(1, 4096),
    )
    .option('--ema <decay>', 'keep a moving average of the weights (0: off)', realNumber(0, MAX_DECAY))
    .option(
      '--ema-validate <weights>',
      `which weights validation measures: ${VALIDATED_WEIGHTS.join(', ')}`,
      oneOf(VALIDATED_WEIGHTS),
    );
}

/**
 * The settings with what these options overrule. Throws `AppError('arguments')` for a coefficient that the optimizer, the loss or
 * the averaging in force does not have.
 */
export function overruleUpdate(settings: TrainingSettings, options: UpdateOptions): TrainingSettings {
  const { classWeights, labelSmoothing, accumulate, clipNorm, clipValue } = options;
  return {
    ...settings,
    optimizer: optimizerOf(settings.optimizer, options),
    loss: lossOf(settings.loss, options),
    averaging: averagingOf(settings.averaging, options),
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
    ...(accumulate === undefined ? {} : { accumulate }),
    ...(clipNorm === undefined ? {} : { clipping: clippingOf('norm', clipNorm) }),
    ...(clipValue === undefined ? {} : { clipping: clippingOf('value', clipValue) }),
  };
}

function optimizerOf(settings: OptimizerSettings, options: UpdateOptions): OptimizerSettings {
  const { optimizer } = options;
  const base =
    optimizer === undefined || optimizer === settings.kind
      ? settings
      : optimizerSchema.parse({ kind: optimizer });
  const given = COEFFICIENTS.flatMap(([option, field]) => {
    const value = options[option];
    return value === undefined ? [] : [[field, value] as const];
  });
  const stranger = given.find(([field]) => !(field in base));
  if (stranger !== undefined) {
    const values = { optimizer: base.kind, option: stranger[0] };
    throw new AppError('arguments', message('options.optimizerHasNo', values));
  }
  return optimizerSchema.parse({ ...base, ...Object.fromEntries(given) });
}

function lossOf(settings: TrainingSettings['loss'], options: UpdateOptions): TrainingSettings['loss'] {
  const { loss, focalGamma, focalAlpha } = options;
  const kind = loss === undefined ? settings.kind : LOSSES[loss];
  const base = kind === settings.kind ? settings : lossSchema.parse({ kind });
  if (focalGamma === undefined && focalAlpha === undefined) return base;
  if (base.kind !== 'focal') {
    throw new AppError('arguments', message('options.focalOnly'));
  }
  return { ...base, gamma: focalGamma ?? base.gamma, alpha: focalAlpha ?? base.alpha };
}

function averagingOf(
  settings: TrainingSettings['averaging'],
  { ema, emaValidate }: UpdateOptions,
): TrainingSettings['averaging'] {
  const base =
    ema === undefined
      ? settings
      : ema === 0
        ? averagingSchema.parse({ kind: 'none' })
        : averagingSchema.parse({ ...settings, kind: 'ema', decay: ema });
  if (emaValidate === undefined) return base;
  if (base.kind === 'ema') return { ...base, validate: emaValidate };
  throw new AppError('arguments', message('options.needsAverages'));
}

function clippingOf(kind: 'norm' | 'value', limit: number): TrainingSettings['clipping'] {
  return limit === 0 ? { kind: 'none' } : { kind, limit };
}

function parseLossWeights(text: string): ClassWeights {
  if (text === 'none' || text === 'balanced') return text;
  const weights = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (weights.length < 2 || weights.some((weight) => !(weight > 0 && weight <= 1e6))) {
    throw new InvalidArgumentError(
      'Give none, balanced, or a number above 0 for each class in the order of their names, for example 1,2.5,1.',
    );
  }
  return weights;
}

/** Which of a run's weights a command takes. */
export interface WeightsOptions {
  weights?: 'ema' | 'raw';
  checkpoint?: CheckpointChoice;
}

/** Adds `--weights`, for runs that keep averaged weights, and `--checkpoint`. */
export function withWeightsOption(command: Command): Command {
  return command
    .option(
      '--weights <which>',
      'ema or raw: the averaged weights (default where the run keeps them) or the trained ones',
      oneOf(['ema', 'raw'] as const),
    )
    .option(
      '--checkpoint <which>',
      'last or best: the weights of the last checkpoint (default) or of the epoch with the best validation accuracy',
      oneOf(CHECKPOINT_CHOICES),
    );
}

/** The choice among a run's weights, without what was not given. */
export function weightsAsked({ weights, checkpoint }: WeightsOptions): WeightsOptions {
  return {
    ...(weights === undefined ? {} : { weights }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}

/** `weights of the best epoch, 3`: what a command says of the weights that it took. */
export function weightsSentence(checkpoint: CheckpointChoice, epoch: number): string {
  return checkpoint === 'best'
    ? `weights of the best epoch, ${epoch}`
    : `weights of the last checkpoint, after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}`;
}
