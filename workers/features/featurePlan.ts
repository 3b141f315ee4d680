import { activeTransforms } from '#core/augment/augmentation.ts';
import { findCut } from '#core/compile/findCut.ts';
import type { Cut } from '#core/compile/networkPart.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { elementCount, formatShape } from '#core/program/shape.ts';
import { message, type Message } from '#core/words/message.ts';
import { defaultMemoryBudget } from '../data/imageSet/imageSetPlan.ts';

/** What of a network is computed once for each image. */
export interface FeaturePlan {
  readonly cut: Cut;
  /** Versions of each training image: 1, or with augmentation the number of drawn ones. */
  readonly versions: number;
  /** True: the training images are augmented, version v as in epoch v. */
  readonly isAugmented: boolean;
  /** True: all features are held in memory. */
  readonly inMemory: boolean;
}

interface FeatureChoice {
  /** Null where every step computes the whole network. */
  readonly plan: FeaturePlan | null;
  /** What the user should know, either way. */
  readonly notes: readonly Message[];
}

interface RunSize {
  readonly trainImages: number;
  readonly validationImages: number;
  /** `head`: the first epochs of a run, in which only the head trains. */
  readonly phase: 'head' | 'all';
  /** Epochs of this phase that are still to be trained. */
  readonly epochs: number;
  /** Bytes of a value: 4, or 8 on a backend in float64. */
  readonly floatBytes: number;
  /** See `ImageSetOptions`; features get a quarter of it. */
  readonly memoryBudgetBytes?: number | undefined;
}

const NOTHING: FeatureChoice = { plan: null, notes: [] };

/**
 * Decides whether the frozen prefix of a network is computed once for each image. It is where training leaves a prefix
 * constant, the settings do not switch it off, and it saves more time than it takes.
 */
export function planFeatures(
  document: Pick<GraphDocument, 'training' | 'data'>,
  graph: ShapedGraph,
  size: RunSize,
): FeatureChoice {
  const { training, data } = document;
  const cut = findCut(graph, {
    input: { type: 'f32' },
    optimizer: optimizerPlanOf(training),
    labelSmoothing: 0,
  });
  if (cut === null) return NOTHING;
  const blocks = cut.blocks.length - 1;
  if (training.features === 'off') return { plan: null, notes: [message('features.off', { blocks })] };
  const transforms = activeTransforms(data.augmentation);
  const isAugmented = transforms.length > 0;
  if (transforms.includes('mixup') || transforms.includes('cutmix'))
    return { plan: null, notes: [message('features.mixed', { blocks })] };
  if (isAugmented && training.featureVersions === undefined)
    return { plan: null, notes: [message('features.augmented', { blocks })] };
  const versions = isAugmented ? (training.featureVersions ?? 1) : 1;
  const plan = { cut, versions, isAugmented, inMemory: fitsMemory(cut, versions, size) };
  if (size.epochs <= 1) return NOTHING;
  if (size.epochs <= versions)
    return { plan: null, notes: [message('features.fewEpochs', { blocks, epochs: size.epochs, versions })] };
  if (!savesTime(plan, size)) return { plan: null, notes: [message('features.noGain', { blocks })] };
  const values = { blocks, shape: formatShape(cut.shape) };
  return { plan, notes: [noteOf(plan, size, values)] };
}

function noteOf(
  { isAugmented, versions }: FeaturePlan,
  { phase }: RunSize,
  values: { readonly blocks: number; readonly shape: string },
): Message {
  if (phase === 'all') {
    return isAugmented
      ? message('features.versions', { ...values, versions })
      : message('features.once', values);
  }
  return isAugmented
    ? message('features.versionsForHead', { ...values, versions })
    : message('features.onceForHead', values);
}

function fitsMemory(cut: Cut, versions: number, size: RunSize): boolean {
  const images = size.trainImages * versions + size.validationImages;
  const bytes = images * elementCount(cut.shape) * size.floatBytes;
  return bytes <= (size.memoryBudgetBytes ?? defaultMemoryBudget()) / 4;
}

/** Careful estimates for a machine with two cores: arithmetic in FLOP/s, reading in bytes/s. */
const FLOPS_PER_SECOND = 5e10;
const MEMORY_PER_SECOND = 5e9;
const DISK_PER_SECOND = 5e8;

/** True when reading the features of an image takes less time than computing them. */
function savesTime({ cut, inMemory }: FeaturePlan, { floatBytes }: RunSize): boolean {
  const bytes = elementCount(cut.shape) * floatBytes;
  return cut.flops / FLOPS_PER_SECOND > bytes / (inMemory ? MEMORY_PER_SECOND : DISK_PER_SECOND);
}
