import { InvalidArgumentError, Option, type Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import {
  averagingSchema,
  VALIDATED_WEIGHTS,
  type ClassWeights,
  type TrainingSettings,
} from '#core/document/trainingSettings.ts';
import type { Range } from '#core/diagnostics/range.ts';
import {
  LOSS_NUMBERS,
  lossOf,
  LOSSES,
  lossSchema,
  type LossKind,
  type LossSettings,
} from '#core/losses/registry.ts';
import { MAX_DECAY, type Coefficient } from '#core/optimizers/coefficient.ts';
import {
  COEFFICIENTS,
  kindsWith,
  OPTIMIZER_KINDS,
  optimizerSchema,
  type CoefficientName,
  type OptimizerKind,
  type OptimizerSettings,
} from '#core/optimizers/registry.ts';
import { CHECKPOINT_CHOICES, type CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message, type MessageValue } from '#core/words/message.ts';
import { oneOf, realNumber, wholeNumber } from './parsers.ts';

const LOSS_NAMES = LOSSES.map(({ option }) => option);

/** Coefficients of the optimizers, one option each: `core/optimizers`. */
type CoefficientOptions = { [N in CoefficientName]?: number | boolean };

export interface UpdateOptions extends CoefficientOptions {
  optimizer?: OptimizerKind;
  weightDecay?: number;
  l1?: number;
  loss?: (typeof LOSS_NAMES)[number];
  classWeights?: ClassWeights;
  labelSmoothing?: number;
  clipNorm?: number;
  clipValue?: number;
  accumulate?: number;
  ema?: number;
  emaValidate?: (typeof VALIDATED_WEIGHTS)[number];
}

/** Adds the options for the loss function and for the update of the weights. */
export function withUpdateOptions(command: Command): Command {
  command.option('--optimizer <name>', OPTIMIZER_KINDS.join(', '), oneOf(OPTIMIZER_KINDS));
  for (const [name, coefficient] of COEFFICIENTS) command.addOption(coefficientOption(name, coefficient));
  command
    .option('--weight-decay <x>', 'weight decay (L2) of kernels', realNumber(0, Infinity))
    .option('--l1 <x>', 'L1 coefficient of kernels', realNumber(0, Infinity))
    .option('--loss <name>', LOSS_NAMES.join(', '), oneOf(LOSS_NAMES));
  for (const { name, number } of LOSS_NUMBERS) command.addOption(numberOption(name, number.help, number));
  return command
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
      'clip each element of the gradient to this size (0: off)',
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

function coefficientOption(name: string, coefficient: Coefficient): Option {
  const help = coefficient.option(kindsWith(name));
  return coefficient.type === 'flag'
    ? new Option(`--${optionName(name)}`, help)
    : numberOption(name, help, coefficient);
}

function numberOption(name: string, help: string, { min, max = Infinity, exclusiveMin }: Range): Option {
  return new Option(`--${optionName(name)} <x>`, help).argParser(realNumber(min, max, exclusiveMin));
}

/** `finalRate` -> `final-rate`. */
function optionName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The settings, overridden by these options. Throws `AppError('arguments')` for a coefficient that the selected
 * optimizer, loss or averaging does not have.
 */
export function overruleUpdate(settings: TrainingSettings, options: UpdateOptions): TrainingSettings {
  const { classWeights, labelSmoothing, accumulate, clipNorm, clipValue } = options;
  return {
    ...settings,
    optimizer: optimizerOf(settings.optimizer, options),
    loss: lossSettingsOf(settings.loss, options),
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
  const values = new Map<string, unknown>(Object.entries(options));
  const given = [...COEFFICIENTS.keys()].filter((name) => values.get(name) !== undefined);
  const stranger = given.find((name) => !(name in base));
  if (stranger !== undefined) {
    const values = { optimizer: base.kind, option: optionName(stranger) };
    throw new AppError('arguments', message('options.optimizerHasNo', values));
  }
  return optimizerSchema.parse({
    ...base,
    ...Object.fromEntries(given.map((name) => [name, values.get(name)])),
  });
}

function lossSettingsOf(settings: LossSettings, options: UpdateOptions): LossSettings {
  const kind = LOSSES.find(({ option }) => option === options.loss)?.kind ?? settings.kind;
  const base = kind === settings.kind ? settings : lossSchema.parse({ kind });
  const values = new Map<string, unknown>(Object.entries(options));
  const given = LOSS_NUMBERS.filter(({ name }) => values.get(name) !== undefined);
  const stranger = given.find((number) => number.kind !== base.kind);
  if (stranger !== undefined) throw notOfThisLoss(stranger.kind);
  return lossSchema.parse({
    ...base,
    ...Object.fromEntries(given.map(({ name, field }) => [field, values.get(name)])),
  });
}

function notOfThisLoss(kind: LossKind): AppError {
  const { option: loss } = lossOf(kind);
  const [first = '', ...rest] = LOSS_NUMBERS.filter((number) => number.kind === kind).map(
    ({ name }) => `--${optionName(name)}`,
  );
  const names = rest.reduce<MessageValue>(
    (joined, last) => message('plain.and', { first: joined, last }),
    first,
  );
  const key = rest.length === 0 ? 'options.belongsToLoss' : 'options.belongToLoss';
  return new AppError('arguments', message(key, { options: names, loss }));
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

/** Which of a run's weights a command uses. */
export interface WeightsOptions extends CheckpointOption {
  weights?: 'ema' | 'raw';
}

export interface CheckpointOption {
  checkpoint?: CheckpointChoice;
}

/** Adds `--weights`, for runs that keep averaged weights, and `--checkpoint`. */
export function withWeightsOption(command: Command): Command {
  const described = command.option(
    '--weights <which>',
    'ema or raw: the averaged weights (default where the run keeps them) or the trained ones',
    oneOf(['ema', 'raw'] as const),
  );
  return withCheckpointOption(described);
}

/** Adds `--checkpoint`. `where` begins its description. */
export function withCheckpointOption(command: Command, where = ''): Command {
  return command.option(
    '--checkpoint <which>',
    `${where}last or best: the weights of the last checkpoint (default) or of the epoch with the best validation accuracy`,
    oneOf(CHECKPOINT_CHOICES),
  );
}

/** The selection of a run's weights, without absent options. */
export function weightsAsked({ weights, checkpoint }: WeightsOptions): WeightsOptions {
  return {
    ...(weights === undefined ? {} : { weights }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}

/** `weights of the best epoch, 3`: how a command names the weights that it used. */
export function weightsSentence(checkpoint: CheckpointChoice, epoch: number): string {
  return checkpoint === 'best'
    ? `weights of the best epoch, ${epoch}`
    : `weights of the last checkpoint, after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}`;
}
