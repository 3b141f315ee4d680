import type { PreparedProgram, Session } from '#core/backend/backend.ts';
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
 * Computes the output of a frozen prefix for all images of a run, or finds it in the cache: for training images with
 * the kernels of a training step, for validation images with those of an evaluation, so that both are what the whole
 * network would compute. The state of the session is only read. Throws as `openFeatureStore` does.
 */
export async function openFeatures(request: FeatureRequest): Promise<Features> {
  const started = performance.now();
  const { plan, train, trainSet, validation } = request;
  const works = { train: openWork(request, 'train'), validation: openWork(request, 'evaluate') };
  const opened: FeatureStore[] = [];
  const open = async (work: Work, part: Part): Promise<FeatureStore> => {
    const store = await openPart(request, work, part);
    opened.push(store);
    return store;
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(({ store }) => store.close()));
  };
  try {
    const parts = Array.from({ length: plan.versions }, (_, version) => trainPart(request, version));
    const stores: FeatureStore[] = [];
    for (const part of parts) stores.push(await open(works.train, part));
    const kept = works.train.sourceOf(stores, train);
    const difference = await compareFeatures({
      ...{ session: request.session, program: works.train.program, kept },
      images: plan.isAugmented ? train : trainSet,
      epoch: plan.isAugmented ? 0 : undefined,
    });
    works.train.release();
    const other = validation === null ? null : await open(works.validation, validationPart(validation));
    return {
      train: kept,
      validation:
        validation === null || other === null ? null : works.validation.sourceOf([other], validation),
      difference,
      isReused: opened.every(({ isReused }) => isReused),
      seconds: (performance.now() - started) / 1000,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    works.train.release();
    works.validation.release();
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
  const drawn = { source: train, epoch: version };
  return { set: trainSet, label, ...(isAugmented ? drawn : { source: trainSet, epoch: undefined }) };
}

function validationPart(set: ImageSet): Part {
  return { set, source: set, epoch: undefined, label: message('features.computingValidation') };
}

/** The program of the prefix in one mode, prepared when it is first needed. */
interface Work {
  readonly program: Program;
  readonly sampleBytes: number;
  prepared(): PreparedProgram;
  sourceOf(stores: readonly FeatureStore[], samples: BatchSource): BatchSource;
  /** Frees the prepared program; does nothing the second time. */
  release(): void;
}

function openWork(request: FeatureRequest, mode: 'train' | 'evaluate'): Work {
  const { session, plan, graph, document, preprocessing, compute, trainSet, validation } = request;
  const { cut, inMemory } = plan;
  const part = { of: 'prefix', cut } as const;
  const program = programOf(graph, document.training, preprocessing, mode, { part });
  const floatBytes = compute.precision === 'f64' ? 8 : 4;
  const sampleBytes = program.logitCount * floatBytes;
  const images = (mode === 'train' ? trainSet : validation)?.size ?? 1;
  let prepared: PreparedProgram | null = null;
  return {
    ...{ program, sampleBytes },
    prepared: () => (prepared ??= session.prepare(program, featureBatch(program, cut.flops, images))),
    sourceOf: (stores, samples) => featureSource({ stores, samples, sampleBytes, floatBytes, inMemory }),
    release: () => {
      prepared?.release();
      prepared = null;
    },
  };
}

async function openPart(
  request: FeatureRequest,
  { program, sampleBytes, prepared }: Work,
  { set, source, epoch, label }: Part,
): Promise<FeatureStore> {
  const { compute, session, cacheFolder, signal, onProgress, plan } = request;
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
    compute: (each) => featuresOf({ prepared: prepared(), source, epoch, label, signal, onProgress })(each),
  });
}

/** What decides the draws of an augmented image: the settings, the seed, the epoch and the number of the sample. */
function drawnBy({ document, preprocessing }: FeatureRequest, epoch: number, digests: Uint8Array): unknown {
  const { augmentation } = document.data;
  const { seed } = document.training;
  return { augmentation, seed, epoch, mean: preprocessing.mean, samples: hash('sha256', digests) };
}
