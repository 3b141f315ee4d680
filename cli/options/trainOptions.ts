import { Option, type Command } from 'commander';
import type { Augmentation } from '#core/augment/augmentation.ts';
import { REMAINDER_POLICIES, type TrainingSettings } from '#core/document/trainingSettings.ts';
import { foldSchema, type DataSettings } from '#core/document/dataSettings.ts';
import { AUGMENT_HELP, parseAugment } from './augmentOption.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Graph } from '#core/document/schema.ts';
import {
  SCHEDULE_KINDS,
  scheduleSchema,
  type ScheduleSettings,
} from '#core/optimizers/schedules/registry.ts';
import { withStartStatistics } from '#core/rewrites/runPolicy.ts';
import { REWRITES } from '#core/rewrites/rewrites.ts';
import { withFineTuneOptions, withPolicyOption, type FineTuneOptions } from './fineTuneOptions.ts';
import { columnsOf, withFolderOptions, type FolderOptions } from './folderOptions.ts';
import { withPreprocessingOptions, type PreprocessingOptions } from './preprocessingOptions.ts';
import type { SamplerSettings } from '#core/document/samplerSettings.ts';
import { message } from '#core/words/message.ts';
import {
  overruleUpdate,
  withCheckpointOption,
  withUpdateOptions,
  type CheckpointOption,
  type UpdateOptions,
} from './updateOptions.ts';
import { oneOf, parseClassWeights, parsePatternText, parseSize, realNumber, wholeNumber } from './parsers.ts';

const SAMPLERS = ['all', 'balanced'] as const;
/** The replacements of BatchNorm, by their name on the command line. */
const NORMS = ['batch', 'layer', 'group', 'instance', 'none'] as const;
const PRECISIONS = ['auto', 'f32', 'bf16'] as const;

export interface TrainOptions
  extends UpdateOptions, FolderOptions, PreprocessingOptions, FineTuneOptions, CheckpointOption {
  template?: string;
  data?: string;
  val?: string;
  valSplit?: number;
  groupPattern?: string;
  groupColumn?: string;
  splitFrom?: string;
  folds?: number;
  fold?: number;
  size?: { height: number; width: number };
  epochs?: number;
  batch?: number;
  lr?: number;
  schedule?: ScheduleSettings['kind'];
  warmup?: number;
  augment?: Augmentation;
  remainder?: TrainingSettings['remainder'];
  shuffle: boolean;
  sampler?: (typeof SAMPLERS)[number];
  sampleWeights?: Record<string, number>;
  seed?: number;
  precision?: TrainingSettings['precision'];
  threads?: number;
  stripBn?: true;
  norm?: (typeof NORMS)[number];
  from?: string;
  partial?: true;
  resume?: true;
  out: string;
  json?: true;
}

/** Adds the options of `normlab train`; each of them overrides the project's own setting. */
export function withTrainOptions(command: Command): Command {
  return withNormOptions(withFoldOptions(withRunOptions(withPolicyOption(command))))
    .option('--resume', 'continue from the last checkpoint in --out')
    .requiredOption('--out <run>', 'folder of the run');
}

/** Adds the options that replace BatchNorm. */
export function withNormOptions(command: Command): Command {
  return command
    .option('--strip-bn', 'train the same network without its BatchNorm blocks: --norm none')
    .addOption(normOption());
}

/** Adds the options of every command that trains. */
export function withRunOptions(command: Command): Command {
  const fineTuned = withCheckpointOption(
    withFineTuneOptions(withUpdateOptions(command)),
    'with --from RUN: ',
  );
  const described = fineTuned.option('--data <dir>', 'training images: one folder for each class');
  return withPreprocessingOptions(withSplitOptions(withFolderOptions(described)))
    .option('--size <HxW>', 'input size, for example 32x32', parseSize)
    .option('--epochs <n>', 'passes over the training images', wholeNumber(1, 100_000))
    .option('--batch <n>', 'images in a batch', wholeNumber(1, 65_536))
    .option('--lr <rate>', 'learning rate', realNumber(0, Infinity, true))
    .option('--schedule <name>', SCHEDULE_KINDS.join(', '), oneOf(SCHEDULE_KINDS))
    .option('--warmup <steps>', 'steps in which the learning rate rises from 0', wholeNumber(0, 1e9))
    .option(
      '--remainder <policy>',
      'images that do not fill the last batch: keep, drop or merge',
      oneOf(REMAINDER_POLICIES),
    )
    .option('--augment <list>', AUGMENT_HELP, parseAugment)
    .option('--no-shuffle', 'take the images in order (harms BatchNorm)')
    .addOption(
      new Option('--sampler <name>', 'which images an epoch takes: all once, or balanced over the classes')
        .argParser(oneOf(SAMPLERS))
        .conflicts('sampleWeights'),
    )
    .option(
      '--sample-weights <class=w,…>',
      'how often images of a class are drawn, relative to the weight 1 of others: owl=3,cat=0.5',
      parseClassWeights,
    )
    .option('--seed <n>', 'decides initial values, order, split and dropout', wholeNumber(0, 0xffff_ffff))
    .option('--precision <p>', PRECISIONS.join(', '), oneOf(PRECISIONS))
    .option('--threads <n>', 'compute threads (default: one for each physical core)', wholeNumber(1, 256))
    .option(
      '--from <model>',
      'start from trained weights: a model file, a run, or a name of `normlab models list`',
    )
    .option('--partial', 'with --from: initialize the blocks for which the file has no fitting value')
    .option('--json', 'print one JSON object');
}

/** The source of validation images, and the groups that stay on one side. */
function withSplitOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--val <dir>', 'validation images, in folders of the same names').conflicts('valSplit'),
    )
    .option('--val-split <fraction>', 'share of the training images kept for validation', realNumber(0, 0.9))
    .addOption(
      new Option(
        '--group-pattern <regex>',
        'keep images on one side of the split by what this matches in their path: "^(p\\d+)_"',
      )
        .argParser(parsePatternText)
        .conflicts(['groupColumn', 'splitFrom']),
    )
    .addOption(
      new Option(
        '--group-column <name>',
        'keep images on one side of the split by this column of the table',
      ).conflicts('splitFrom'),
    )
    .addOption(
      new Option('--split-from <run>', 'split the images as that run did, by their content').conflicts([
        'val',
        'valSplit',
        'folds',
      ]),
    );
}

/** Cross-validation. */
function withFoldOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--folds <k>', 'cross-validate: k runs, each validated on another part')
        .argParser(wholeNumber(2, 100))
        .conflicts(['val', 'valSplit', 'splitFrom']),
    )
    .option('--fold <i>', 'with --folds: train only the run validated on part i', wholeNumber(1, 100));
}

function normOption(): Option {
  return new Option('--norm <kind>', `what replaces BatchNorm: ${NORMS.join(', ')}`)
    .argParser(oneOf(NORMS))
    .conflicts('stripBn');
}

/** The project's settings, overridden by the command line. */
export function overrule(settings: TrainingSettings, options: TrainOptions): TrainingSettings {
  const {
    epochs,
    headEpochs,
    features,
    featureVersions,
    batch,
    lr,
    weightDecay,
    l1,
    warmup,
    remainder,
    seed,
    precision,
    threads,
  } = options;
  const given = {
    epochs,
    headEpochs,
    features,
    featureVersions,
    batchSize: batch,
    learningRate: lr,
    l2: weightDecay,
    l1,
    warmupSteps: warmup,
    remainder,
    seed,
    precision,
    threads,
  };
  const set = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<TrainingSettings>;
  const { bn } = options;
  const begun = bn === undefined ? settings : withStartStatistics(settings, bn === 'recalibrated');
  return {
    ...overruleUpdate(begun, options),
    ...set,
    ...(options.shuffle ? {} : { shuffle: false }),
    ...samplerOf(options),
    ...(options.schedule === undefined || options.schedule === settings.schedule.kind
      ? {}
      : { schedule: scheduleSchema.parse({ kind: options.schedule }) }),
  };
}

function samplerOf({ sampler, sampleWeights }: TrainOptions): { sampler?: SamplerSettings } {
  if (sampleWeights !== undefined) return { sampler: { kind: 'weighted', weights: sampleWeights } };
  return sampler === undefined ? {} : { sampler: { kind: sampler } };
}

/** The project's data settings, overridden by the command line; `--fold` alone selects one of the project's folds. */
export function overruleData(data: DataSettings, options: TrainOptions): DataSettings {
  const { valSplit, augment, fold, groupPattern, groupColumn } = options;
  const folds = options.folds ?? data.crossValidation?.folds;
  return {
    ...data,
    ...(valSplit === undefined ? {} : { validationFraction: valSplit }),
    ...(augment === undefined ? {} : { augmentation: augment }),
    ...(fold === undefined ? {} : { crossValidation: foldOf(folds, fold) }),
    ...(groupPattern === undefined ? {} : { groups: { by: 'pattern', pattern: groupPattern } }),
    ...(groupColumn === undefined ? {} : { groups: { by: 'column', column: groupColumn } }),
    table: columnsOf(options) ?? data.table,
    ...(options.parts ? {} : { subfolders: 'classes' }),
  };
}

function foldOf(folds: number | undefined, fold: number): DataSettings['crossValidation'] {
  if (folds !== undefined && fold <= folds) return foldSchema.parse({ folds, fold });
  throw new AppError(
    'arguments',
    folds === undefined
      ? message('options.foldWithoutFolds', { fold })
      : message('options.noSuchFold', { fold, folds }),
  );
}

/** The same network with its BatchNorm blocks replaced by another norm. */
export function withNorm(graph: Graph, { stripBn, norm }: TrainOptions): Graph {
  switch (stripBn ? 'none' : (norm ?? 'batch')) {
    case 'batch':
      return graph;
    case 'layer':
      return REWRITES.batchNormToLayerNorm(graph);
    case 'group':
      return REWRITES.batchNormToGroupNorm(graph);
    case 'instance':
      return REWRITES.batchNormToInstanceNorm(graph);
    case 'none':
      return REWRITES.stripBatchNorm(graph);
  }
}
