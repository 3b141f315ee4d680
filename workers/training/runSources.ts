import type { Session } from '#core/backend/backend.ts';
import type { NetworkPart } from '#core/compile/networkPart.ts';
import type { RunFeatures } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inOrder } from '#core/document/normalization.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { Program, ProgramMode } from '#core/program/program.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { headPhaseGraph, lateStartOf } from '#core/training/headPhase.ts';
import { message, type Message } from '#core/words/message.ts';
import { networkOf, programOf } from '../compute/network.ts';
import { openAugmentedSource, type AugmentedSource } from '../data/augment/augmentedSource.ts';
import { countClasses } from '../data/split/classCounts.ts';
import { planFeatures, type FeaturePlan } from '../features/featurePlan.ts';
import { openFeatures, type Features } from '../features/openFeatures.ts';
import { hasOwnAverages } from '../features/prefixAverages.ts';
import { openLabHome } from '../files/labHome.ts';
import type { PreparedRun } from './prepareRun.ts';
import type { TrainEvent } from './trainEvents.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';
import type { TrainSessionOptions } from './trainSession.ts';

/** What a run trains on, and the programs for it: the whole network on images, or what follows a frozen prefix. */
export interface RunSources {
  readonly programs: Pick<
    TrainSessionOptions,
    'trainProgram' | 'headProgram' | 'evaluateProgram' | 'rawProgram'
  >;
  readonly train: BatchSource;
  readonly validation: BatchSource | null;
  readonly notes: readonly Message[];
  /** Null where no prefix is computed once. */
  readonly features: RunFeatures | null;
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
  try {
    const { plan, notes } = choose(request);
    if (plan === null) return wholeNetwork(request.prepared, train, notes);
    const features = await computed(request, plan, train);
    if (!('train' in features)) return wholeNetwork(request.prepared, train, [features]);
    await Promise.all([train.close(), data.train.letGo(), data.validation?.letGo()]);
    return afterPrefix(request.prepared, plan, features, notes);
  } catch (error) {
    await train.close();
    throw error;
  }
}

function choose({ prepared, session, epoch, options }: SourceRequest): ReturnType<typeof planFeatures> {
  const { document, graph, data, compute } = prepared;
  const choice = planFeatures(document, graph, {
    trainImages: data.train.size,
    validationImages: data.validation?.size ?? 0,
    epochs: document.training.epochs - epoch,
    floatBytes: compute.precision === 'f64' ? 8 : 4,
    memoryBudgetBytes: options.memoryBudgetBytes,
  });
  const isDivided = choice.plan !== null && hasOwnAverages(choice.plan.cut, session);
  return isDivided ? { plan: null, notes: [] } : choice;
}

/** The features, or the note that they cannot be kept. */
async function computed(
  { prepared, session, signal, emit, options }: SourceRequest,
  plan: FeaturePlan,
  train: AugmentedSource,
): Promise<Features | Message> {
  const { document, graph, manifest, compute, data } = prepared;
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

function wholeNetwork(prepared: PreparedRun, train: AugmentedSource, notes: readonly Message[]): RunSources {
  return {
    programs: trainPrograms(prepared),
    train,
    validation: prepared.data.validation,
    notes,
    features: null,
    close: () => train.close(),
  };
}

function afterPrefix(
  prepared: PreparedRun,
  { cut, versions }: FeaturePlan,
  { train, validation, difference, isReused, seconds, close }: Features,
  notes: readonly Message[],
): RunSources {
  const { largest, relative, images } = difference;
  const values = { largest: largest.toExponential(1), relative: relative.toExponential(1), images };
  return {
    programs: trainPrograms(prepared, { of: 'suffix', cut }),
    ...{ train, validation, close },
    notes: largest === 0 ? notes : [...notes, message('features.differs', values)],
    features: {
      ...{ blocks: cut.blocks.length - 1, after: cut.node, shape: [...cut.shape], versions },
      ...{ seconds, reused: isReused, difference },
    },
  };
}

/** The programs of a run; the settings decide which weights its validation uses. */
function trainPrograms(
  { document, graph, manifest, data }: PreparedRun,
  part?: NetworkPart,
): RunSources['programs'] {
  const settings = document.training;
  const { averaging } = settings;
  const validated = averaging.kind === 'none' ? 'raw' : averaging.validate;
  const common = {
    classCounts: countClasses(data.train.labels, manifest.classNames.length),
    ...(part === undefined ? {} : { part }),
  };
  const program = (mode: ProgramMode, more: Parameters<typeof programOf>[4]): Program =>
    programOf(graph, settings, manifest.preprocessing, mode, { ...common, ...more });
  const evaluate = (weights: 'raw' | 'average'): Program => program('evaluate', { weights });
  const late = lateStartOf(document.graph, settings, updatesOf(settings, data));
  return {
    trainProgram: program('train', late),
    ...(late.late === undefined
      ? {}
      : {
          headProgram: programOf(headNetworkOf(document), settings, manifest.preprocessing, 'train', common),
        }),
    evaluateProgram: evaluate(validated === 'raw' ? 'raw' : 'average'),
    ...(validated === 'both' ? { rawProgram: evaluate('raw') } : {}),
  };
}

function headNetworkOf(document: GraphDocument): ShapedGraph {
  return networkOf({ ...document, graph: headPhaseGraph(document.graph) });
}

/** Number of updates in an epoch. */
function updatesOf(
  { batchSize, remainder, accumulate }: TrainingSettings,
  { train }: PreparedRun['data'],
): number {
  return planEpoch(train.size, batchSize, remainder, accumulate).updates;
}
