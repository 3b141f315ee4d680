import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { FloatArray } from '#core/program/floatArray.ts';
import { statisticsPassSchema, type StatisticsPass } from '#core/batchnorm/statisticsPass.ts';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { foreignWeightsSchema, type ForeignWeightsFacts } from '#core/contract/trainedElsewhere.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { ownIssue } from '#core/diagnostics/schemaIssue.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
  type TensorToWrite,
} from '#core/export/safetensors.ts';
import type { StateLayout, StatisticSlot } from '#core/program/stateLayout.ts';
import { bestEpochSchema, type BestEpoch, type CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf, writeFileAtomic } from '../../files/atomicFile.ts';
import { changedPart, withHashes } from './checkpointHashes.ts';
import type { RunFolder } from '../folder/runFolder.ts';

/** A validation loss may overflow while training continues; values that are not finite are stored as null in JSON. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const means = z.object({ loss, accuracy: z.number() });
const count = z.number().int().nonnegative();

/** The counters of a run. Together with the state they are all that resuming needs. */
const countersSchema = z.object({
  position: z
    .object({
      epoch: count,
      batch: count,
      step: count,
      totals: z.object({ samples: count, lossSum: z.number(), correct: count }),
      lastEpoch: z.object({ train: means, validation: means.nullable() }).nullable(),
    })
    .refine(
      ({ epoch, lastEpoch }) => epoch === 0 || lastEpoch !== null,
      ownIssue(message('schema.noLastEpoch')),
    ),
  metrics: z.object({ bytes: count, events: count }),
  /** Time spent on the run so far, over all sessions: the first start and every resume. */
  elapsedMs: z.number(),
  trainedImages: count,
  /** Part of the time that went into training steps. */
  trainingMs: z.number(),
  /** Part of `trainingMs` in which the trainer waited for its batch. */
  dataWaitMs: z.number().default(0),
});
export type Counters = z.infer<typeof countersSchema>;

export interface Checkpoint {
  readonly counters: Counters;
  /** `exact` after `recalibrate`: the file then holds the moving averages beside the exact statistics. */
  readonly statistics: 'moving-average' | 'exact';
  /** The same for the averaged weights; 'moving-average' where there are none. */
  readonly averageStatistics: 'moving-average' | 'exact';
  /** How exact statistics were measured; null for moving averages, and for a file that does not record it. */
  readonly pass: StatisticsPass | null;
  /** The same for the averaged weights. */
  readonly averagePass: StatisticsPass | null;
  /** The epoch of these weights, in the file of the best epoch; null in the last checkpoint. */
  readonly best: BestEpoch | null;
  /** Of weights that were trained elsewhere, without the moments of the optimizer; null for weights trained here. */
  readonly foreign: ForeignWeightsFacts | null;
}

/** What the file holds beside exact statistics. */
interface BesideExact {
  /** The moving averages, in the order of the state layout. */
  readonly moving: FloatArray;
  readonly pass: StatisticsPass | null;
}

/**
 * Which statistics in the state are exact: those of the weights, of the averaged weights, or both. The others are
 * moving averages.
 */
interface ExactParts {
  readonly raw?: BesideExact;
  readonly ema?: BesideExact;
}

/** What is saved besides the state. */
interface CheckpointParts extends ExactParts {
  /** Saves the weights of the best epoch, in a file of their own, without the tensors that only training needs. */
  readonly best?: BestEpoch;
  /** Saves weights that were trained elsewhere, without moments. */
  readonly foreign?: ForeignWeightsFacts;
}

/** Time between two checkpoints of a run that trains; the first is due so long after its start. */
export const CHECKPOINT_EVERY_MS = 10_000;

const FORMAT = 'normlab-checkpoint';
const MOVING = 'movingAverage.';
const AVERAGE = 'average.';

/**
 * Replaces the checkpoint of `run`, or that of its best epoch, atomically. The file holds every parameter and statistic
 * under its own name, the moments as `optimizer.1` and so on, and averaged weights as `average.` plus their name; the
 * metadata holds the counters and the hashes of all tensors. Throws `AppError`: 'diverged' for values that are not
 * finite, 'disk-full', 'output-not-writable', 'io'.
 */
export async function saveCheckpoint(
  run: RunFolder,
  layout: StateLayout,
  state: FloatArray,
  counters: Counters,
  exact: CheckpointParts = {},
): Promise<void> {
  const isWhole = exact.best === undefined && exact.foreign === undefined;
  const tensors = stateTensors(layout, state, isWhole);
  if (exact.raw !== undefined) tensors.push(...movingTensors(layout, '', exact.raw.moving));
  if (exact.ema !== undefined) tensors.push(...movingTensors(layout, AVERAGE, exact.ema.moving));
  const metadata = {
    format: FORMAT,
    version: '1',
    statistics: exact.raw === undefined ? 'moving-average' : 'exact',
    ...(exact.ema === undefined ? {} : { averageStatistics: 'exact' }),
    ...(exact.raw?.pass ? { pass: JSON.stringify(exact.raw.pass) } : {}),
    ...(exact.ema?.pass ? { averagePass: JSON.stringify(exact.ema.pass) } : {}),
    ...(exact.best === undefined ? {} : { best: JSON.stringify(exact.best) }),
    ...(exact.foreign === undefined ? {} : { foreign: JSON.stringify(exact.foreign) }),
    counters: JSON.stringify(counters),
  };
  const bytes = encodeSafetensors(tensors, withHashes(tensors, metadata), { finiteOnly: true });
  await writeFileAtomic(exact.best === undefined ? run.files.checkpoint : run.files.best, bytes);
}

/**
 * Reads the checkpoint of `run`, or that of its best epoch, into `state`; returns null when there is none yet.
 * `restore: 'training'` restores the moving averages of a recalibrated run, so that training continues as if it had
 * never been recalibrated. Throws `AppError('run-invalid')` for a damaged file, for one whose hashes do not match, and
 * for one that does not fit the network.
 */
export async function loadCheckpoint(
  run: RunFolder,
  layout: StateLayout,
  state: FloatArray,
  restore: 'training' | 'inference',
  which: CheckpointChoice = 'last',
): Promise<Checkpoint | null> {
  const file = which === 'best' ? run.files.best : run.files.checkpoint;
  const found = await readCheckpoint(run, which);
  if (found === null) return null;
  const { tensors, head } = found;
  const wanted = stateTensors(layout, state, which === 'last' && head.foreign === null);
  const strange = [...tensors.keys()].find(
    (name) => !name.startsWith(MOVING) && !wanted.some((tensor) => tensor.name === name),
  );
  if (strange !== undefined) throw doesNotFit(file, strange);
  for (const { name, shape, data } of wanted) {
    const averaged = restore === 'training' ? tensors.get(MOVING + name) : undefined;
    const stored = averaged ?? tensors.get(name);
    if (stored === undefined || stored.shape.join() !== shape.join()) throw doesNotFit(file, name);
    if (!isFloats(stored.data)) throw doesNotFit(file, name);
    data.set(stored.data);
  }
  if (restore === 'inference') return head;
  const [moving, pass] = ['moving-average' as const, null];
  return { ...head, statistics: moving, averageStatistics: moving, pass, averagePass: pass };
}

/**
 * Refuses a checkpoint that is too small for the network before memory for its state is allocated: a damaged project
 * may require any amount. Throws `AppError('run-invalid')`; does nothing without a checkpoint.
 */
export async function refuseOtherSize(
  run: RunFolder,
  layout: StateLayout,
  which: CheckpointChoice = 'last',
): Promise<void> {
  const file = which === 'best' ? run.files.best : run.files.checkpoint;
  const found = await stat(file).catch(() => null);
  const least = (layout.parameterSize + layout.statisticsSize) * Float32Array.BYTES_PER_ELEMENT;
  if (found === null || found.size >= least) return;
  throw damaged(file, message('runs.fewerValues', { file: RUN_FILES.manifest }));
}

/**
 * The best epoch of `run`, read from the file that keeps its weights; null when there is none. Throws as
 * `loadCheckpoint`.
 */
export async function readBestEpoch(run: RunFolder): Promise<BestEpoch | null> {
  return (await readCheckpoint(run, 'best'))?.head.best ?? null;
}

async function readCheckpoint(
  run: RunFolder,
  which: CheckpointChoice,
): Promise<{ tensors: SafetensorsFile['tensors']; head: Checkpoint } | null> {
  const file = which === 'best' ? run.files.best : run.files.checkpoint;
  const bytes = await readFile(file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw damaged(file, message('runs.cannotRead'), error);
  });
  if (bytes === null) return null;
  const { tensors, metadata } = decode(file, bytes);
  const changed = changedPart(tensors, metadata);
  if (changed !== null) throw notAsWritten(run, which, changed);
  return { tensors, head: parseHead(file, metadata) };
}

function decode(file: string, bytes: Uint8Array): SafetensorsFile {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    throw damaged(file, message('runs.notSafetensors'), error);
  }
}

function isFloats(data: ArrayBufferView): data is FloatArray {
  return data instanceof Float32Array || data instanceof Float64Array;
}

type StateTensor = TensorToWrite & { readonly data: FloatArray };

/** The tensors of a checkpoint as views of `state`; `isWhole`: with the moments, which only training needs. */
function stateTensors(layout: StateLayout, state: FloatArray, isWhole: boolean): StateTensor[] {
  const slots = [...layout.parameters, ...layout.statistics].map(({ name, dims, offset, size }) =>
    tensorOf(name, dims, state.subarray(offset, offset + size)),
  );
  const offsets = isWhole ? layout.momentOffsets : [];
  const moments = offsets.map((offset, index) => {
    const data = state.subarray(offset, offset + layout.parameterSize);
    return tensorOf(`optimizer.${index + 1}`, [layout.parameterSize], data);
  });
  return [...slots, ...moments, ...averageTensors(layout, state)];
}

function averageTensors(
  { averageOffset, parameters, statistics }: StateLayout,
  state: FloatArray,
): StateTensor[] {
  if (averageOffset === undefined) return [];
  return [...parameters, ...statistics].map(({ name, dims, offset, size }) =>
    tensorOf(AVERAGE + name, dims, state.subarray(averageOffset + offset, averageOffset + offset + size)),
  );
}

function movingTensors(layout: StateLayout, prefix: string, averages: FloatArray): StateTensor[] {
  const from = ({ offset }: StatisticSlot): number => offset - layout.statisticsOffset;
  return layout.statistics.map((slot) =>
    tensorOf(MOVING + prefix + slot.name, slot.dims, averages.subarray(from(slot), from(slot) + slot.size)),
  );
}

function tensorOf(name: string, shape: readonly number[], data: FloatArray): StateTensor {
  return { name, dtype: data instanceof Float32Array ? 'F32' : 'F64', shape, data };
}

/** What the metadata of a checkpoint say. Throws `AppError('run-invalid')` for those of another file. */
export function parseHead(file: string, metadata: Record<string, string>): Checkpoint {
  if (metadata.format !== FORMAT || metadata.version !== '1') {
    throw damaged(file, message('runs.notACheckpoint'));
  }
  try {
    const counters = countersSchema.parse(JSON.parse(metadata.counters ?? ''));
    const kind = (text: string | undefined): Checkpoint['statistics'] =>
      text === 'exact' ? 'exact' : 'moving-average';
    return {
      counters,
      statistics: kind(metadata.statistics),
      averageStatistics: kind(metadata.averageStatistics),
      pass: parsePass(metadata.pass),
      averagePass: parsePass(metadata.averagePass),
      best: metadata.best === undefined ? null : bestEpochSchema.parse(JSON.parse(metadata.best)),
      foreign:
        metadata.foreign === undefined ? null : foreignWeightsSchema.parse(JSON.parse(metadata.foreign)),
    };
  } catch (error) {
    throw damaged(file, message('runs.countersWrong'), error);
  }
}

/** This record is only displayed, and nothing depends on it: an unreadable one counts as absent. */
function parsePass(text: string | undefined): StatisticsPass | null {
  if (text === undefined) return null;
  try {
    return statisticsPassSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The other of the two files may still be good. */
function notAsWritten(run: RunFolder, which: CheckpointChoice, part: string | Message): AppError {
  const [file, other] =
    which === 'best' ? [run.files.best, run.files.checkpoint] : [run.files.checkpoint, run.files.best];
  const withOther = which === 'best' ? 'runs.bestChanged' : 'runs.lastChanged';
  const said = message(existsSync(other) ? withOther : 'runs.checkpointChanged', { file, part });
  return new AppError('run-invalid', said, { where: file });
}

function doesNotFit(file: string, name: string): AppError {
  return damaged(file, message('runs.tensorDoesNotFit', { name, file: RUN_FILES.manifest }));
}

function damaged(file: string, why: Message, cause?: unknown): AppError {
  return new AppError('run-invalid', message('runs.fileUnusable', { file, why }), { where: file, cause });
}
