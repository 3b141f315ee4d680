import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DataPlan } from '#core/contract/dataPlan.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { documentHash } from '#core/document/documentHash.ts';
import { resizeOf } from '#core/document/dataSettings.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { openSampler, type EpochOrder } from '#core/training/sampler.ts';
import { startStatisticsNotes } from '#core/training/startStatistics.ts';
import { message, type Message } from '#core/words/message.ts';
import { flatWarning } from '../data/scan/lookAtPixels.ts';
import { openLabHome } from '../files/labHome.ts';
import { NORMLAB_VERSION } from '../files/version.ts';
import { orderNotes } from './orderNotes.ts';
import { chooseCompute, computeAsBegun, type Compute } from '../compute/compute.ts';
import { networkOf, imageSize, refuseMisfit, refuseUntrainable } from '../compute/network.ts';
import {
  dataPlanOf,
  decodeData,
  findData,
  preprocessingOf,
  projectData,
  type DataRequest,
  type FoundData,
  type PreparedData,
} from '../runs/data/prepareData.ts';
import { readStart, type RunStart } from '../import/readStart.ts';
import { networkOfRun, type RunNetwork } from '../runs/folder/runNetwork.ts';
import { writeSplit } from '../runs/data/runSplit.ts';
import { lostClassNotes, refuseLostImages, refuseOtherImages } from '../runs/data/sameImages.ts';
import { writeManifest, type ClaimedFolder } from '../runs/folder/runFolder.ts';
import type { TrainControl } from './trainControl.ts';
import type { RunInSeries, TrainRunOptions } from './trainRunOptions.ts';

/** A run whose data are decoded and whose manifest is on the disk. */
export interface PreparedRun {
  readonly run: ClaimedFolder;
  readonly manifest: RunManifest;
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  readonly compute: Compute;
  readonly data: PreparedData;
  /** Order of each epoch's training images. */
  readonly order: EpochOrder;
  /** The decisions about the data. */
  readonly dataPlan: DataPlan;
  readonly notes: readonly Message[];
  /** Values from trained weights; null for a run that starts from initializers or from its checkpoint. */
  readonly start: RunStart | null;
}

interface Preparation extends TrainRunOptions {
  readonly control: TrainControl;
  readonly run: ClaimedFolder;
  /** The checkpoint of the run to resume; null for a new run. */
  readonly begun: RunManifest | null;
}

/**
 * Checks network, folders and settings, decodes the images and writes `run.json` of a new run. For a resumed run,
 * checks that the folders still hold the same images. Throws `AppError`.
 */
export async function prepareRun(options: Preparation): Promise<PreparedRun> {
  const { begun, run } = options;
  const { document, graph } = begun === null ? givenNetwork(options) : networkOfRun(options.out, begun);
  const compute =
    begun === null
      ? chooseCompute(document.training, options.backend)
      : computeAsBegun(begun, options.backend);
  if (begun === null) refuseMisfit(graph, document.data);
  const request = dataRequest(options, document, graph);
  const found = await findData(request);
  if (begun !== null) await refuseOtherImages(options.out, begun, found);
  else refuseChangedSeries(options, found);
  const images = found.train.indices.length;
  const hasTrainedStart = startsTrained(options, document);
  refuseUntrainable(graph, document.training, {
    ...{ images, classes: found.classNames.length, hasTrainedStart },
  });
  const start = await startOf(options, document, graph, found.classNames);
  const data = await decodeData(found, request);
  try {
    if (begun !== null) refuseLostImages(options.out, begun, data);
    const warnings = refuseUntrainable(graph, document.training, {
      images: data.train.size,
      classes: found.classNames.length,
      hasTrainedStart,
    });
    const lost = lostClassNotes(found, data);
    const order = orderOf(document, found, data);
    const manifest = begun ?? (await newManifest(options, document, compute, request, found, data, start));
    if (begun === null) {
      await writeSplit(run, found.train, found.validation);
      await writeManifest(run, manifest);
    }
    return {
      run,
      manifest,
      document,
      graph,
      compute,
      data,
      order,
      start,
      dataPlan: dataPlanOf(found, graph.inputShape, document.data),
      notes: [
        ...(start?.notes ?? []),
        ...(begun === null ? startStatisticsNotes(document) : []),
        ...compute.notes,
        ...warnings,
        ...found.warnings,
        ...(await flatNotes(found, data)),
        ...lost,
        ...orderNotes(document.training, data.train, order, found.classNames),
      ],
    };
  } catch (error) {
    await data.close();
    throw error;
  }
}

/** Notes about all training images, unless a sample of them has already shown the same. */
async function flatNotes({ pixels }: FoundData, { train }: PreparedData): Promise<Message[]> {
  const warning = pixels.isFlat ? null : flatWarning(await train.channelStatistics(), train.size);
  return warning === null ? [] : [warning];
}

function orderOf({ training }: GraphDocument, found: FoundData, { train }: PreparedData): EpochOrder {
  const { seed, shuffle, sampler } = training;
  return openSampler(sampler, { labels: train.labels, classNames: found.classNames, seed, shuffle });
}

function givenNetwork({ document, out }: Preparation): RunNetwork {
  if (document !== null) return { document, graph: networkOf(document) };
  throw new AppError('run-not-found', message('runs.nothingToResume', { folder: out }), { where: out });
}

function dataRequest(options: Preparation, document: GraphDocument, graph: ShapedGraph): DataRequest {
  const { begun, control, onEvent } = options;
  const train = options.train ?? begun?.data.trainFolder;
  if (train === undefined || train === null) throw new AppError('arguments', message('runs.noTrainFolder'));
  return {
    train,
    validation: options.validation ?? begun?.data.validationFolder ?? null,
    ...projectData(document),
    labels: options.labels ?? begun?.data.labels ?? null,
    splitFrom: options.splitFrom ?? begun?.data.splitFrom ?? null,
    target: {
      ...imageSize(graph),
      ...resizeOf(document.data),
      ...(begun === null ? {} : { ranges: begun.preprocessing.ranges ?? {} }),
    },
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
    memoryBudgetBytes: options.memoryBudgetBytes,
    signal: control.signal,
    onProgress: (label, done, total) => onEvent?.({ type: 'progress', label, done, total }),
  };
}

async function newManifest(
  options: Preparation,
  document: GraphDocument,
  compute: Compute,
  request: DataRequest,
  found: FoundData,
  data: PreparedData,
  start: RunStart | null,
): Promise<RunManifest> {
  return {
    format: 'normlab-run',
    version: 1,
    name: options.name ?? path.basename(path.resolve(options.out)),
    createdAt: new Date().toISOString(),
    normlabVersion: NORMLAB_VERSION,
    project: serializeDocument(document),
    projectId: document.id,
    documentHash: documentHash(document),
    classNames: [...found.classNames],
    preprocessing: await preprocessingOf(data.train, request.target, document.data),
    data: {
      trainFolder: path.resolve(request.train),
      validationFolder: request.validation === null ? null : path.resolve(request.validation),
      validationFraction: request.validationFraction,
      labels: request.labels,
      splitFrom: request.splitFrom === null ? null : path.resolve(request.splitFrom),
      trainImages: data.train.size,
      validationImages: data.validation?.size ?? 0,
      fingerprint: found.fingerprint,
    },
    compute: {
      backend: compute.backend.kind,
      backendDescription: compute.backend.description,
      precision: compute.precision,
      threads: compute.threads,
    },
    ...(start === null ? {} : { start: startRecord(start) }),
    ...(options.series === undefined ? {} : { series: seriesRecord(options.series) }),
  };
}

function seriesRecord({ id, policy, testFolder }: RunInSeries): RunManifest['series'] {
  return { id, policy, testFolder, start: null };
}

/** The runs of a comparison are of the same images. */
function refuseChangedSeries({ series, train }: Preparation, { fingerprint }: FoundData): void {
  const expected = series?.fingerprint ?? null;
  if (expected === null || expected === fingerprint) return;
  const folder = train ?? '';
  throw new AppError('folder-classes-differ', message('policies.imagesChanged', { folder }), {
    where: folder,
  });
}

function startRecord({ source, path: file, partial, values, initialized }: RunStart): RunManifest['start'] {
  return { source, path: file, partial, matched: values.size, initialized: [...initialized] };
}

function startsTrained({ begun, from }: Preparation, { start }: GraphDocument): boolean {
  if (begun !== null) return begun.start !== undefined;
  return (from ?? null) !== null || start !== undefined;
}

/** A run that has a checkpoint continues from it, and its starting weights are not read again. */
async function startOf(
  { begun, from, partial, weightsFolders, run }: Preparation,
  document: GraphDocument,
  graph: ShapedGraph,
  classes: readonly string[],
): Promise<RunStart | null> {
  if (begun !== null && (begun.start === undefined || existsSync(run.files.checkpoint))) return null;
  return readStart({
    ...{ document, graph, classes },
    from: begun?.start?.path ?? from ?? null,
    partial: begun?.start?.partial ?? partial ?? false,
    folders: [...(weightsFolders ?? []), openLabHome().weights],
  });
}
