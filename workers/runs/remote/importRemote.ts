import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import type { EpochEvent } from '#core/contract/metricEvent.ts';
import { REMOTE_FILES, type RemoteFacts, type RemoteResult } from '#core/contract/remoteRun.ts';
import { RUN_FILES, type RunManifest } from '#core/contract/runManifest.ts';
import type { RunOrigin } from '#core/contract/trainedElsewhere.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { documentHash } from '#core/document/documentHash.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import type { BestEpoch } from '#core/training/bestEpoch.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { message } from '#core/words/message.ts';
import { imageSize, networkOf } from '../../compute/network.ts';
import { writeFolderInPlace } from '../../files/folderInPlace.ts';
import { saveCheckpoint, type Counters } from '../checkpoint/checkpoint.ts';
import { isSplit } from '../data/runSplit.ts';
import { changeAbout } from '../folder/runAboutFile.ts';
import {
  readRunStatus,
  runFolderAt,
  writeManifest,
  writeResult,
  type RunFolder,
} from '../folder/runFolder.ts';
import { createPace } from '../../threads/pace.ts';
import { copyMetrics } from './copyMetrics.ts';
import { readFacts, readRemoteResult, readStatus } from './remoteFacts.ts';
import { damaged, findRemote, readRemote } from './remoteFiles.ts';
import { measuresOf } from './remoteState.ts';
import { readRemoteWeights, type RemoteWeights } from './remoteWeights.ts';

const SPLIT_BYTES = 256 << 20;

export interface RemoteImport {
  /** The folder that the training writes, or the one above its `output`. */
  readonly folder: string;
  /** The run folder to make. */
  readonly out: string;
  /** Replaces an earlier import there. */
  readonly overwrite: boolean;
  /** The name of the run; the one in the folder by default. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** What was imported. */
export interface ImportedRun {
  readonly out: string;
  /** True before the end of the training. */
  readonly isSnapshot: boolean;
  readonly epochs: number;
  readonly step: number;
  readonly batchesSeen: number;
  readonly hasBest: boolean;
  readonly events: number;
}

/**
 * Makes a run folder of this lab from the weights, statistics, metrics and split of a training elsewhere. Weights and
 * BatchNorm statistics are taken bit for bit. A training that has not ended is imported as a stopped run. Throws
 * `AppError`: 'run-not-found', 'run-invalid' for files that are damaged or do not fit each other, 'run-has-no-weights',
 * 'output-exists', 'output-foreign' for a folder that is no earlier import, 'interrupted', and those of writing.
 */
export async function importRemote(request: RemoteImport): Promise<ImportedRun> {
  const folder = await findRemote(request.folder);
  const source = await readSource(folder);
  const options = { overwrite: request.overwrite, ownEntries: earlierImport };
  const made = await writeFolderInPlace(request.out, options, (temporary) =>
    writeRun(runFolderAt(temporary), path.resolve(request.out), folder, source, request),
  );
  return { out: path.resolve(request.out), ...made };
}

/** Everything that is imported but the metrics. */
interface Source {
  readonly facts: RemoteFacts;
  readonly document: GraphDocument;
  readonly layout: StateLayout;
  readonly last: RemoteWeights;
  readonly best: RemoteWeights | null;
  /** Null before the end. */
  readonly result: RemoteResult | null;
  readonly split: Buffer | null;
}

async function readSource(folder: string): Promise<Source> {
  const { facts, document } = await readFacts(folder);
  const { graph, layout } = networkIn(folder, facts, document);
  const last = await readRemoteWeights(folder, 'last', graph, layout);
  if (last === null) {
    const said = message('remote.noWeights', { folder, file: REMOTE_FILES.last });
    throw new AppError('run-has-no-weights', said, { where: folder });
  }
  refuseOtherImages(path.join(folder, REMOTE_FILES.last), last, graph);
  const best = await readRemoteWeights(folder, 'best', graph, layout);
  const status = await readStatus(folder);
  const isOver = status === null || status.state === 'finished';
  const split = await readRemote(folder, REMOTE_FILES.split, SPLIT_BYTES);
  const splitFile = path.join(folder, REMOTE_FILES.split);
  if (split !== null && !isSplit(split.toString('utf8'))) throw damaged(splitFile, message('runs.notOurs'));
  return {
    facts,
    document,
    layout,
    last,
    best,
    split,
    result: isOver ? await readRemoteResult(folder) : null,
  };
}

function networkIn(
  folder: string,
  { imagesTraining }: RemoteFacts,
  document: GraphDocument,
): { graph: ShapedGraph; layout: StateLayout } {
  const file = path.join(folder, REMOTE_FILES.facts);
  const { batchSize, remainder, accumulate } = document.training;
  try {
    const graph = networkOf(document);
    imageSize(graph);
    planEpoch(imagesTraining, batchSize, remainder, accumulate);
    return { graph, layout: buildStateLayout(graph, optimizerPlanOf(document.training)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw damaged(file, message('remote.noNetwork', { why: error.said }), error);
  }
}

function refuseOtherImages(
  file: string,
  { preprocessing, classNames }: RemoteWeights,
  graph: ShapedGraph,
): void {
  const { height, width, channels } = imageSize(graph);
  const images = [preprocessing.height, preprocessing.width, preprocessing.channels].join(' × ');
  const input = [height, width, channels].join(' × ');
  if (images !== input) throw damaged(file, message('remote.otherImageSize', { images, input }));
  if (graph.classes !== classNames.length)
    throw damaged(file, message('remote.otherClasses', { named: classNames.length, known: graph.classes }));
}

/** Writes all files of the run, the manifest last: until then there is no run. */
async function writeRun(
  run: RunFolder,
  out: string,
  folder: string,
  source: Source,
  { name, signal }: RemoteImport,
): Promise<Omit<ImportedRun, 'out'>> {
  const { facts, document, layout, last, best, split, result } = source;
  const step = result?.steps ?? snapshotStep(source);
  const pace = createPace(signal);
  const metrics = await copyMetrics(path.join(folder, REMOTE_FILES.metrics), run.files.metrics, {
    untilStep: result === null ? step : Infinity,
    between: () => pace.settle(),
  });
  const counters = countersOf(metrics.epochs.get(last.facts.epochs), step, source, metrics);
  await saveCheckpoint(run, layout, last.state, counters, { foreign: last.facts });
  await pace.settle();
  const bestEpoch = best === null ? null : bestOf(metrics.epochs.get(best.facts.epochs), result);
  if (best !== null && bestEpoch !== null)
    await saveCheckpoint(run, layout, best.state, counters, { foreign: best.facts, best: bestEpoch });
  await pace.settle();
  if (split !== null) await writeFile(run.files.split, split);
  const origin = originOf(facts, result === null);
  if (result === null)
    await changeAbout(run.path, () => ({ end: { kind: 'stopped', at: Date.now(), error: null } }));
  else
    await writeResult(run, {
      ...{ run: out, ...measuresOf(result, facts), precision: facts.precision, backend: 'native' },
      ...(bestEpoch === null ? {} : { best: bestEpoch }),
    });
  await writeManifest(run, manifestOf(name ?? facts.name, facts, document, last, origin));
  return {
    ...{ isSnapshot: result === null, epochs: last.facts.epochs, step },
    ...{ batchesSeen: last.facts.batchesSeen, hasBest: bestEpoch !== null, events: metrics.events },
  };
}

/** The update after which the weights were written: with one batch for each update it is known exactly. */
function snapshotStep({ facts, document, last }: Source): number {
  const { epochs, batchesSeen } = last.facts;
  if (document.training.accumulate === 1 && batchesSeen > 0) return batchesSeen;
  return Math.round((facts.steps / Math.max(1, facts.epochs)) * epochs);
}

function countersOf(
  epoch: EpochEvent | undefined,
  step: number,
  { facts, last, result }: Source,
  { bytes, events }: { readonly bytes: number; readonly events: number },
): Counters {
  const ends = lastEpochOf(epoch, result);
  const ms = (result?.seconds ?? (epoch?.elapsedMs ?? 0) / 1000) * 1000;
  return {
    position: {
      ...{ epoch: ends === null ? 0 : last.facts.epochs, batch: 0, step, lastEpoch: ends },
      totals: { samples: 0, lossSum: 0, correct: 0 },
    },
    ...{ metrics: { bytes, events }, elapsedMs: ms, trainingMs: ms, dataWaitMs: 0 },
    trainedImages: facts.imagesTraining * last.facts.epochs,
  };
}

type LastEpoch = Counters['position']['lastEpoch'];

function lastEpochOf(event: EpochEvent | undefined, result: RemoteResult | null): LastEpoch {
  if (event !== undefined) {
    const { loss, accuracy, valLoss, valAccuracy } = event;
    const validation = valAccuracy === null ? null : { loss: valLoss ?? NaN, accuracy: valAccuracy };
    return { train: { loss: loss ?? NaN, accuracy }, validation };
  }
  if (result === null) return null;
  const finite = ({ loss, accuracy }: RemoteResult['train']) => ({ loss: loss ?? NaN, accuracy });
  return { train: finite(result.train), validation: result.val === null ? null : finite(result.val) };
}

/** The best epoch, by the metrics or the result; null where neither knows the epoch of these weights. */
function bestOf(event: EpochEvent | undefined, result: RemoteResult | null): BestEpoch | null {
  if (event === undefined || event.valAccuracy === null) return null;
  const { epoch, step, valLoss, valAccuracy } = event;
  if (result?.best?.epoch === epoch)
    return { epoch, step, valAccuracy: result.best.accuracy, valLoss: result.best.loss };
  return { epoch, step, valAccuracy, valLoss };
}

function originOf(facts: RemoteFacts, isSnapshot: boolean): RunOrigin {
  const { id, worldSize, nodes, globalBatch, device, backend, precision, steps } = facts;
  return { kind: 'remote', id, worldSize, nodes, globalBatch, device, backend, precision, steps, isSnapshot };
}

function manifestOf(
  name: string,
  facts: RemoteFacts,
  document: GraphDocument,
  { classNames, preprocessing }: RemoteWeights,
  origin: RunOrigin,
): RunManifest {
  const { worldSize, device, backend, normlabVersion, createdAt, imagesTraining, imagesValidation } = facts;
  return {
    ...{ format: 'normlab-run', version: 1, name, createdAt, normlabVersion, project: facts.document },
    ...{ projectId: document.id, documentHash: documentHash(document) },
    ...{ classNames: [...classNames], preprocessing },
    data: {
      ...{ trainFolder: null, validationFolder: null, validationFraction: 0, fingerprint: '' },
      ...{ trainImages: imagesTraining, validationImages: imagesValidation },
    },
    compute: {
      ...{ backend: 'native', precision: 'f32', threads: 1 },
      backendDescription: `PyTorch, ${worldSize} × ${device}, ${backend}`,
    },
    origin,
  };
}

/**
 * The files of an earlier import in a folder, which may be replaced. Throws `AppError('output-foreign')` for any other
 * folder, and for a run that was trained here.
 */
async function earlierImport(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const own = new Set<string>(Object.values(RUN_FILES));
  const stranger = names.find((name) => !own.has(name));
  if (stranger !== undefined)
    throw new AppError('output-foreign', message('runs.otherFilesThere', { folder, file: stranger }), {
      where: folder,
    });
  const status = await readRunStatus(folder);
  if (status.kind !== 'none' && status.manifest.origin !== undefined) return names;
  throw new AppError('output-foreign', message('remote.ownRun', { folder }), { where: folder });
}
