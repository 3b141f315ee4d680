import { z } from 'zod';
import { messageSchema } from './messageSchema.ts';
import { originSchema } from './trainedElsewhere.ts';

/** The files of a training that runs elsewhere, in the folder that it writes (docs/cluster.md). */
export const REMOTE_FILES = {
  /** Written at the start, and again when it is resumed by another number of processes. */
  facts: 'normlab-remote.json',
  /** One metric event per line. */
  metrics: 'metrics.jsonl',
  /** Rewritten every few seconds while it trains. */
  status: 'status.json',
  /** The weights of the last epoch, and those of the best one. */
  last: 'model.safetensors',
  best: 'best.safetensors',
  /** Written at the end. */
  result: 'result.json',
  split: 'split.json',
} as const;

/** Version of these files; a higher one is refused. */
export const REMOTE_VERSION = 1;

/** Upper bounds for plausible values. */
const MAX_COUNT = 2 ** 40;
const MAX_IMAGES = 2 ** 32 - 1;
const MAX_PROCESSES = 1_000_000;
const count = z.number().int().min(0).max(MAX_COUNT);
const processes = z.number().int().min(1).max(MAX_PROCESSES);
const time = z.string().max(64);
const share = z.number().min(0).max(1);
/** A loss that is not finite is null. */
const measures = z.object({ loss: z.number().nullable(), accuracy: share });

/** What every version of a file of this kind has. */
export const remoteHeadSchema = z.object({ format: z.string(), version: z.number().int().positive() });

/** `normlab-remote.json`: what is trained, by how many processes, on what. */
export const remoteFactsSchema = z.object({
  format: z.literal('normlab-remote'),
  version: z.literal(REMOTE_VERSION),
  /** Stays the same when the training is resumed. */
  id: z.string().min(1).max(64),
  name: z.string().max(4096),
  createdAt: time,
  normlabVersion: z.string().max(256),
  /** The project as its JSON text. */
  document: z.string(),
  epochs: z.number().int().min(0).max(1_000_000),
  /** Updates of the whole training. */
  steps: count,
  imagesTraining: z.number().int().min(1).max(MAX_IMAGES),
  imagesValidation: z.number().int().min(0).max(MAX_IMAGES),
  globalBatch: z.number().int().min(1).max(MAX_IMAGES),
  worldSize: processes,
  nodes: processes,
  precision: originSchema.shape.precision,
  device: originSchema.shape.device,
  backend: originSchema.shape.backend,
});
export type RemoteFacts = z.infer<typeof remoteFactsSchema>;

/** `status.json`: a sign of life. */
export const remoteStatusSchema = z.object({
  state: z.enum(['training', 'finished', 'failed', 'stopped']),
  updatedAt: time,
  step: count,
  epoch: z.number().min(0).max(MAX_COUNT),
  error: z.string().max(65_536).nullable(),
});
export type RemoteStatus = z.infer<typeof remoteStatusSchema>;

/** `result.json`. */
export const remoteResultSchema = z.object({
  format: z.literal('normlab-remote-result'),
  version: z.literal(REMOTE_VERSION),
  epochs: z.number().int().min(0).max(1_000_000),
  steps: count,
  seconds: z.number().min(0),
  train: measures,
  val: measures.nullable(),
  best: z
    .object({
      epoch: z.number().int().positive().max(1_000_000),
      accuracy: share,
      loss: z.number().nullable(),
    })
    .nullable(),
  batchesSeen: count,
});
export type RemoteResult = z.infer<typeof remoteResultSchema>;

/** What the state of a followed run has beside that of every run. */
export const followedSchema = originSchema
  .pick({ worldSize: true, nodes: true, globalBatch: true, device: true, backend: true })
  .extend({
    /** The folder, for display. */
    folder: z.string(),
    /** Why the folder cannot be read now; null where it can. */
    away: messageSchema.nullable(),
    /** Milliseconds since the last sign of life, in the phase `silent`; null otherwise. */
    silentMs: z.number().nullable(),
    /** Lines of the metrics that are no events. */
    damagedLines: z.number(),
    /** Another number when the metrics have been read from their start again: the file was cut or replaced. */
    reading: z.number(),
    /** Whether there are weights to import. */
    hasWeights: z.boolean(),
  });
