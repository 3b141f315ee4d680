import type { Session } from '#core/backend/backend.ts';
import type { RunFeatures } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inOrder } from '#core/document/normalization.ts';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { lateStartOf } from '#core/training/headPhase.ts';
import type { LoopPhase } from '#core/training/phases.ts';
import { message, type Message } from '#core/words/message.ts';
import { openAugmentedSource, type AugmentedSource } from '../data/augment/augmentedSource.ts';
import { planFeatures, type FeaturePlan } from '../features/featurePlan.ts';
import { openFeatures, type Features } from '../features/openFeatures.ts';
import { hasOwnAverages } from '../features/prefixAverages.ts';
import { openLabHome } from '../files/labHome.ts';
import type { PreparedRun } from './prepareRun.ts';
import { phasesAhead, type Ahead } from './phasesAhead.ts';
import { phasePrograms } from './runPrograms.ts';
import type { TrainEvent } from './trainEvents.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';
import type { RunPhases } from './trainSession.ts';

/** What a run trains on, and the programs for it: the whole network on images, or what follows a frozen prefix. */
export interface RunSources {
  readonly phases: RunPhases;
  readonly notes: readonly Message[];
  /** Of each phase with a prefix that is computed once. */
  readonly features: readonly RunFeatures[];
  close(): Promise<void>;
}

interface SourceRequest {
  readonly prepared: PreparedRun;
  /** Holds the state at which the run starts. */
  readonly session: Session;
  /** Epochs done. */
  readonly epoch: number;
  readonly signal: AbortSignal;
  readonly emit: (event: TrainEvent) => void;
  readonly options: Pick<TrainRunOptions, 'cacheFolder' | 'memoryBudgetBytes'>;
}

/** A phase whose images, or features, are open. */
interface Opened {
  readonly of: Ahead;
  readonly loop: LoopPhase;
  readonly notes: readonly Message[];
  /** Null where every step computes the whole network. */
  readonly features: RunFeatures | null;
  close(): Promise<void>;
}

/**
 * Opens the training and validation images of a run. Where a frozen prefix is worth it, its output is computed now for
 * each image, and the decoded images leave the memory. Throws `AppError('interrupted')`.
 */
export async function openRunSources(request: SourceRequest): Promise<RunSources> {
  const { document, manifest, data } = request.prepared;
  const train = openAugmentedSource(data.train, {
    augmentation: document.data.augmentation,
    seed: document.training.seed,
    mean: inOrder(manifest.preprocessing, manifest.preprocessing.channelOrder).mean,
  });
  const opened: Opened[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([train.close(), ...opened.map((each) => each.close())]);
  };
  try {
    for (const ahead of phasesAhead(document, request.prepared.graph, request.epoch))
      opened.push(await openPhase(request, ahead, train));
    if (opened.every(({ features }) => features !== null))
      await Promise.all([train.close(), data.train.letGo(), data.validation?.letGo()]);
    return {
      phases: joined(opened),
      notes: opened.flatMap(({ notes }) => notes),
      features: opened.flatMap(({ features }) => (features === null ? [] : [features])),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPhase(request: SourceRequest, of: Ahead, train: AugmentedSource): Promise<Opened> {
  const { plan, notes } = choose(request, of);
  if (plan === null) return wholeNetwork(request.prepared, of, train, notes);
  const features = await computed(request, of, plan, train);
  return 'train' in features
    ? afterPrefix(request.prepared, of, plan, features, notes)
    : wholeNetwork(request.prepared, of, train, [features]);
}

function wholeNetwork(
  prepared: PreparedRun,
  of: Ahead,
  train: AugmentedSource,
  notes: readonly Message[],
): Opened {
  const { validation } = prepared.data;
  return {
    ...{ of, notes, features: null },
    loop: { ...phasePrograms(prepared, of.graph, lateOf(prepared, of)), train, validation },
    close: () => Promise.resolve(),
  };
}

function choose({ prepared, session, options }: SourceRequest, of: Ahead): ReturnType<typeof planFeatures> {
  const { document, data, compute } = prepared;
  const choice = planFeatures(document, of.graph, {
    trainImages: data.train.size,
    validationImages: data.validation?.size ?? 0,
    ...{ epochs: of.epochs, phase: of.phase },
    floatBytes: compute.precision === 'f64' ? 8 : 4,
    memoryBudgetBytes: options.memoryBudgetBytes,
  });
  const isDivided = choice.plan !== null && hasOwnAverages(choice.plan.cut, session);
  return isDivided ? { plan: null, notes: [] } : choice;
}

/** The features, or the note that they cannot be kept. */
async function computed(
  { prepared, session, signal, emit, options }: SourceRequest,
  { graph }: Ahead,
  plan: FeaturePlan,
  train: AugmentedSource,
): Promise<Features | Message> {
  const { document, manifest, compute, data } = prepared;
  try {
    return await openFeatures({
      ...{ plan, document, graph, compute, session, train, signal },
      preprocessing: manifest.preprocessing,
      trainSet: data.train,
      validation: data.validation,
      cacheFolder: options.cacheFolder ?? openLabHome().cache,
      onProgress: (label, done, total) => emit({ type: 'progress', label, done, total }),
    });
  } catch (error) {
    if (!(error instanceof AppError) || !CANNOT_KEEP.has(error.code)) throw error;
    return message('features.notKept', { blocks: plan.cut.blocks.length - 1, why: error.said });
  }
}

/** Errors of the cache folder: the run goes on without it. */
const CANNOT_KEEP: ReadonlySet<AppError['code']> = new Set<AppError['code']>([
  'disk-full',
  'output-not-writable',
  'io',
]);

function afterPrefix(
  prepared: PreparedRun,
  of: Ahead,
  { cut, versions }: FeaturePlan,
  { train, validation, difference, isReused, seconds, close }: Features,
  notes: readonly Message[],
): Opened {
  const { largest, relative, images } = difference;
  const values = { largest: largest.toExponential(1), relative: relative.toExponential(1), images };
  const options = { ...lateOf(prepared, of), part: { of: 'suffix', cut } } as const;
  return {
    ...{ of, close },
    loop: { ...phasePrograms(prepared, of.graph, options), train, validation },
    notes: largest === 0 ? notes : [...notes, message('features.differs', values)],
    features: {
      ...{ phase: of.phase, blocks: cut.blocks.length - 1, after: cut.node, shape: [...cut.shape] },
      ...{ versions, seconds, reused: isReused, difference },
    },
  };
}

/** After a head phase the trunk begins with a bias correction of its own. */
function lateOf({ document, data }: PreparedRun, { phase }: Ahead): ReturnType<typeof lateStartOf> {
  if (phase === 'head') return {};
  const { batchSize, remainder, accumulate } = document.training;
  const { updates } = planEpoch(data.train.size, batchSize, remainder, accumulate);
  return lateStartOf(document.graph, document.training, updates);
}

function joined(opened: readonly Opened[]): RunPhases {
  const [all, head] = [...opened].reverse().map(({ loop }) => loop);
  if (all === undefined) throw new InvariantError('a run without a phase');
  if (head === undefined) return all;
  const { trainProgram: headProgram, ...headPhase } = head;
  return { ...all, headProgram, headPhase };
}
