import { BATCH_NORM_PRESETS, type BatchNormPresetName, type BatchNormSwitches } from './batchNormPresets.ts';
import { message, type Message } from '../words/message.ts';

/** What the BatchNorm blocks of a trunk do while the network is fine-tuned. */
export const BATCH_NORM_POLICIES = ['frozen', 'adapt', 'affine', 'all'] as const;
export type BatchNormPolicy = (typeof BATCH_NORM_POLICIES)[number];

interface PolicyPage {
  /** The preset with its switches, and with its name in other frameworks. */
  readonly preset: BatchNormPresetName;
  readonly title: Message;
  /** What follows from it: for which images and batch sizes it fits, and what it costs. */
  readonly consequence: Message;
}

export const POLICY_PAGES: Readonly<Record<BatchNormPolicy, PolicyPage>> = {
  frozen: {
    preset: 'frozen',
    title: message('fineTuning.bnFrozen'),
    consequence: message('fineTuning.bnFrozenHelp'),
  },
  adapt: {
    preset: 'adapt',
    title: message('fineTuning.bnAdapt'),
    consequence: message('fineTuning.bnAdaptHelp'),
  },
  affine: {
    preset: 'affineOnly',
    title: message('fineTuning.bnAffine'),
    consequence: message('fineTuning.bnAffineHelp'),
  },
  all: { preset: 'train', title: message('fineTuning.bnAll'), consequence: message('fineTuning.bnAllHelp') },
};

/**
 * What a whole run does with the BatchNorm of its trunk. `recalibrated`: its running statistics are first replaced by
 * exact ones over the training images, then frozen.
 */
export const RUN_POLICIES = [...BATCH_NORM_POLICIES, 'recalibrated'] as const;
export type RunPolicy = (typeof RUN_POLICIES)[number];

export const RUN_POLICY_PAGES: Readonly<Record<RunPolicy, Pick<PolicyPage, 'title' | 'consequence'>>> = {
  ...POLICY_PAGES,
  recalibrated: {
    title: message('fineTuning.bnRecalibrated'),
    consequence: message('fineTuning.bnRecalibratedHelp'),
  },
};

/** The policy of the blocks under a policy of a run. */
export function blockPolicyOf(policy: RunPolicy): BatchNormPolicy {
  return policy === 'recalibrated' ? 'frozen' : policy;
}

/** The switches of a BatchNorm block under a policy. */
export function switchesOf(policy: BatchNormPolicy): BatchNormSwitches {
  return BATCH_NORM_PRESETS[POLICY_PAGES[policy].preset].switches;
}
