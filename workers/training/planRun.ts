import type { LabResult } from '#core/contract/labApi.ts';
import { estimateMemory } from '#core/compile/memoryEstimate.ts';
import { AppError, toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { resizeOf } from '#core/document/dataSettings.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { openSampler } from '#core/training/sampler.ts';
import { startStatisticsNotes } from '#core/training/startStatistics.ts';
import type { Message } from '#core/words/message.ts';
import { planStart } from '../import/planStart.ts';
import { orderNotes } from './orderNotes.ts';
import { phasesAhead } from './phasesAhead.ts';
import { planFeatures } from '../features/featurePlan.ts';
import { chooseCompute } from '../compute/compute.ts';
import { networkOf, imageSize, programOf, refuseMisfit, refuseUntrainable } from '../compute/network.ts';
import { dataPlanOf, findData, projectData, type FoundData } from '../runs/data/prepareData.ts';

type RunPlan = LabResult<'run.plan'>;

export interface PlanRequest {
  readonly document: GraphDocument;
  readonly train: string;
  readonly validation: string | null;
  /** Not written to. */
  readonly cacheFolder: string;
  /** The lab's folder of starting weights. */
  readonly weightsFolder: string;
}

/**
 * Returns what Start is about to do, and every reason why it cannot. Decodes a few images to inspect them and writes
 * nothing. Problems are part of the result, so that all of them can be shown at once.
 */
export async function planRun(request: PlanRequest): Promise<RunPlan> {
  const problems: AppErrorData[] = [];
  const attempt = <T>(act: () => T): T | null => {
    try {
      return act();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      problems.push(toErrorData(thrown));
      return null;
    }
  };
  const { training } = request.document;
  const graph = attempt(() => networkOf(request.document));
  const found = await foundData(request).catch((thrown: unknown) => attempt((): FoundData => raise(thrown)));
  const compute = attempt(() => chooseCompute(training));
  const images = found?.train.indices.length ?? 0;
  const epoch =
    found === null
      ? null
      : attempt(() => planEpoch(images, training.batchSize, training.remainder, training.accumulate));
  if (graph !== null) {
    attempt(() => imageSize(graph));
    attempt(() => refuseMisfit(graph, request.document.data));
  }
  const classes = found?.classNames.length ?? 0;
  const start =
    graph === null || found === null
      ? []
      : await startNotes(request, graph, found.classNames).catch(
          (thrown: unknown) => attempt((): readonly Message[] => raise(thrown)) ?? [],
        );
  const warnings =
    graph === null || found === null
      ? null
      : attempt(() =>
          refuseUntrainable(graph, training, {
            ...{ images, classes },
            hasTrainedStart: request.document.start !== undefined,
          }),
        );
  return {
    trainImages: images,
    validationImages: found?.validation?.indices.length ?? 0,
    classes: [...(found?.classNames ?? [])],
    stepsPerEpoch: epoch?.updates ?? 0,
    lastBatch: epoch?.lastBatch ?? 0,
    precision: compute?.precision ?? training.precision,
    threads: compute?.threads ?? training.threads,
    memoryBytes: graph === null ? 0 : memoryOf(request.document, graph),
    facts:
      found === null || epoch === null ? [] : [...start, ...featureNotes(request.document, graph, found)],
    notes: found === null || epoch === null ? [] : notesOf(training, found, attempt),
    ...(found === null || graph === null
      ? {}
      : { data: dataPlanOf(found, graph.inputShape, request.document.data) }),
    problems,
    warnings: warnings ?? [],
  };
}

async function startNotes(
  { document, weightsFolder }: PlanRequest,
  graph: ShapedGraph,
  classes: readonly string[],
): Promise<readonly Message[]> {
  const taken = await planStart({ document, graph, classes, folders: [weightsFolder] });
  return [...taken, ...startStatisticsNotes(document)];
}

/** Notes about the scan and the order of the images, before the start. */
function notesOf(
  training: GraphDocument['training'],
  { train, classNames, warnings }: FoundData,
  attempt: <T>(act: () => T) => T | null,
): Message[] {
  const labels = Int32Array.from(train.indices, (index) => train.scan.images.classOf(index));
  const order = attempt(() => openSampler(training.sampler, { ...training, labels, classNames }));
  const size = labels.length;
  return [...warnings, ...(order === null ? [] : orderNotes(training, { labels, size }, order, classNames))];
}

/** Whether frozen blocks will be computed once. */
function featureNotes(
  document: GraphDocument,
  graph: ShapedGraph | null,
  { train, validation }: FoundData,
): readonly Message[] {
  if (graph === null) return [];
  const images = {
    trainImages: train.indices.length,
    validationImages: validation?.indices.length ?? 0,
    floatBytes: 4,
  };
  return phasesAhead(document, graph, 0).flatMap(
    ({ phase, epochs, graph: network }) =>
      planFeatures(document, network, { ...images, phase, epochs }).notes,
  );
}

function raise(thrown: unknown): never {
  throw thrown;
}

function foundData(request: PlanRequest): Promise<FoundData> {
  const { document } = request;
  return findData({
    train: request.train,
    validation: request.validation,
    ...projectData(document),
    labels: null,
    splitFrom: null,
    target: { height: 1, width: 1, channels: 1, ...resizeOf(document.data) },
    cacheFolder: request.cacheFolder,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

function memoryOf(document: GraphDocument, graph: ReturnType<typeof networkOf>): number {
  const channels = graph.inputShape[0] ?? 1;
  const preprocessing = { mean: Array<number>(channels).fill(0), deviation: Array<number>(channels).fill(1) };
  return estimateMemory(
    programOf(graph, document.training, preprocessing, 'train'),
    document.training.batchSize,
  ).totalBytes;
}
