import type { Session } from '#core/backend/backend.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { hash } from 'node:crypto';
import type { Program } from '#core/program/program.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { message, type Message } from '#core/words/message.ts';
import type { Compute } from '../compute/compute.ts';
import { programOf } from '../compute/network.ts';
import type { ImageSet } from '../data/imageSet/imageSet.ts';
import type { OnProgress } from '../threads/progress.ts';
import { compareFeatures, featureBatch, featuresOf, type FeatureDifference } from './computeFeatures.ts';
import { featurePolicy } from './featureKey.ts';
import type { FeaturePlan } from './featurePlan.ts';
import { featureSource } from './featureSource.ts';
import { openFeatureStore, type FeatureStore } from './featureStore.ts';

export interface FeatureRequest {
  readonly plan: FeaturePlan;
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  readonly preprocessing: Preprocessing;
  readonly compute: Pick<Compute, 'backend' | 'precision' | 'threads'>;
  /** Holds the weights of the prefix. */
  readonly session: Session;
  /** The training images, and the same as training reads them. */
  readonly trainSet: ImageSet;
  readonly train: BatchSource;
  readonly validation: ImageSet | null;
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** The features of the images of a run. */
export interface Features {
  readonly train: BatchSource;
  readonly validation: BatchSource | null;
  readonly difference: FeatureDifference;
  /** True when all features came from the cache. */
  readonly isReused: boolean;
  readonly seconds: number;
  close(): Promise<void>;
}

/**
 * Computes the output of a frozen prefix for all images of a run, or finds it in the cache. The state of the session is
 * only read. Throws as `openFeatureStore` does.
 */
export async function openFeatures(request: FeatureRequest): Promise<Features> {
  const started = performance.now();
  const work = openWork(request);
  const opened: FeatureStore[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(({ store }) => store.close()));
  };
  const open = async (one: Part): Promise<FeatureStore> => {
    const store = await openPart(work, one);
    opened.push(store);
    return store;
  };
  try {
    const { plan, train, trainSet, validation } = request;
    const stores: FeatureStore[] = [];
    for (let version = 0; version < plan.versions; version += 1)
      stores.push(await open(trainPart(request, version)));
    const kept = work.sourceOf(stores, train);
    const others = validation === null ? [] : [await open(validationPart(validation))];
    const epoch = plan.isAugmented ? 0 : undefined;
    return {
      train: kept,
      validation: validation === null ? null : work.sourceOf(others, validation),
      difference: await compareFeatures(work, { images: plan.isAugmented ? train : trainSet, kept, epoch }),
      isReused: opened.every(({ isReused }) => isReused),
      seconds: (performance.now() - started) / 1000,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    work.release();
  }
}

/** One set of images, in one version. */
interface Part {
  readonly set: ImageSet;
  readonly source: BatchSource;
  /** The epoch whose augmentation is drawn; undefined without augmentation. */
  readonly epoch: number | undefined;
  readonly label: Message;
}

function trainPart({ plan, train, trainSet }: FeatureRequest, version: number): Part {
  const { versions, isAugmented } = plan;
  const label =
    versions === 1
      ? message('features.computing')
      : message('features.computingVersion', { version: version + 1, versions });
  return {
    set: trainSet,
    source: isAugmented ? train : trainSet,
    epoch: isAugmented ? version : undefined,
    label,
  };
}

function validationPart(set: ImageSet): Part {
  return { set, source: set, epoch: undefined, label: message('features.computingValidation') };
}

/** The program of the prefix, prepared when it is first needed. */
interface Work {
  readonly request: FeatureRequest;
  readonly session: Session;
  readonly program: Program;
  readonly sampleBytes: number;
  prepared(): ReturnType<Session['prepare']>;
  sourceOf(stores: readonly FeatureStore[], samples: BatchSource): BatchSource;
  release(): void;
}

function openWork(request: FeatureRequest): Work {
  const { session, plan, graph, document, preprocessing, compute, trainSet, validation } = request;
  const { cut, inMemory } = plan;
  const program = programOf(graph, document.training, preprocessing, 'evaluate', {
    part: { of: 'prefix', cut },
  });
  const floatBytes = compute.precision === 'f64' ? 8 : 4;
  const sampleBytes = program.logitCount * floatBytes;
  const batch = featureBatch(program, cut.flops, Math.max(trainSet.size, validation?.size ?? 0));
  let prepared: ReturnType<Session['prepare']> | null = null;
  return {
    ...{ request, session, program, sampleBytes },
    prepared: () => (prepared ??= session.prepare(program, batch)),
    sourceOf: (stores, samples) => featureSource({ stores, samples, sampleBytes, floatBytes, inMemory }),
    release: () => prepared?.release(),
  };
}

async function openPart(work: Work, { set, source, epoch, label }: Part): Promise<FeatureStore> {
  const { request, program, session, sampleBytes } = work;
  const { compute, cacheFolder, signal, onProgress, plan } = request;
  const contents = set.contents();
  const isOrdered = epoch !== undefined;
  const augmentation = isOrdered ? drawnBy(request, epoch, contents.digests.packed()) : null;
  return openFeatureStore({
    ...{ contents, sampleBytes, isOrdered, cacheFolder, signal },
    policy: featurePolicy({
      ...{ program, compute, augmentation },
      state: session.state,
      pixelPolicy: contents.policy,
    }),
    inMemory: plan.inMemory,
    compute: async (each) =>
      featuresOf({ prepared: work.prepared(), source, epoch, label, signal, onProgress })(each),
  });
}

/** What decides the draws of an augmented image: the settings, the seed, the epoch and the number of the sample. */
function drawnBy({ document, preprocessing }: FeatureRequest, epoch: number, digests: Uint8Array): unknown {
  const { augmentation } = document.data;
  const { seed } = document.training;
  return { augmentation, seed, epoch, mean: preprocessing.mean, samples: hash('sha256', digests) };
}
