import type { NormalizeBy } from '../program/instruction.ts';
import type { Term } from '../words/message.ts';

/**
 * The four independent switches of a BatchNorm block. They apply in training only: evaluation always uses the running
 * statistics.
 */
export type BatchNormSwitches = {
  readonly normalizeBy: NormalizeBy;
  readonly updateStatistics: boolean;
  readonly trainGamma: boolean;
  readonly trainBeta: boolean;
};

export interface BatchNormPreset {
  readonly title: string;
  readonly help: string;
  readonly switches: BatchNormSwitches;
}

const ALL_FROZEN: BatchNormSwitches = {
  normalizeBy: 'stored',
  updateStatistics: false,
  trainGamma: false,
  trainBeta: false,
};
const AFFINE_TRAINED: BatchNormSwitches = { ...ALL_FROZEN, trainGamma: true, trainBeta: true };

/**
 * Flags of other frameworks as switch settings. Two pairs are equivalent: Keras' `trainable = False` is the frozen
 * block (Keras guide "Transfer learning and fine-tuning": it also runs in inference mode), and Caffe's
 * `use_global_stats` keeps its separate Scale layer in training, which fine-tunes only gamma and beta.
 */
export const BATCH_NORM_PRESETS = {
  train: {
    title: 'Train',
    help: 'Normalizes by the batch, updates the running statistics, trains gamma and beta: model.train() in PyTorch.',
    switches: { normalizeBy: 'batch', updateStatistics: true, trainGamma: true, trainBeta: true },
  },
  frozen: {
    title: 'Frozen',
    help: 'Normalizes by the running statistics and changes nothing: torchvision’s FrozenBatchNorm2d.',
    switches: ALL_FROZEN,
  },
  kerasFrozen: {
    title: 'Keras trainable=False',
    help: 'Running statistics, no update, gamma and beta fixed: in Keras, trainable=False also means inference mode.',
    switches: ALL_FROZEN,
  },
  caffeGlobalStats: {
    title: 'Caffe use_global_stats',
    help: 'Running statistics, no update; gamma and beta stay in training, since they are Caffe’s Scale layer.',
    switches: AFFINE_TRAINED,
  },
  adapt: {
    title: 'Adapt the statistics',
    help: 'Normalizes by the batch and updates the running statistics; gamma and beta stay as they are: model.train() in PyTorch with requires_grad=False for weight and bias.',
    switches: { normalizeBy: 'batch', updateStatistics: true, trainGamma: false, trainBeta: false },
  },
  affineOnly: {
    title: 'Fine-tune gamma and beta',
    help: 'Running statistics, no update; only gamma and beta learn: bn.eval() inside a PyTorch training loop.',
    switches: AFFINE_TRAINED,
  },
} as const satisfies Readonly<Record<string, BatchNormPreset>>;

export type BatchNormPresetName = keyof typeof BATCH_NORM_PRESETS;

/** The title of a preset, for a message. */
export function presetTitleOf(name: BatchNormPresetName): Term {
  return { terms: [`presets.${name}.title`], english: BATCH_NORM_PRESETS[name].title };
}

/** What a preset does, and its name in other frameworks. */
export function presetHelpOf(name: BatchNormPresetName): Term {
  return { terms: [`presets.${name}.help`], english: BATCH_NORM_PRESETS[name].help };
}
