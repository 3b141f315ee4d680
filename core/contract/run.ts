import { z } from 'zod';
import { messageSchema } from './messageSchema.ts';
import { resultSchema } from './runResult.ts';

export const errorDataSchema = z.object({
  code: z.string(),
  message: messageSchema,
  where: z.string().optional(),
  detail: messageSchema.optional(),
});

/** The project that a run was started from. */
const runProjectSchema = z.object({
  /** Null where neither `run.json` nor the project in it has one. */
  id: z.string().nullable(),
  name: z.string(),
  /** `core/document/documentHash.ts` of the project as it was trained. */
  hash: z.string().nullable(),
});
export type RunProject = z.infer<typeof runProjectSchema>;

/**
 * Life of a run. `preparing` scans and decodes; `stopped` was ended by the user; `interrupted` was found on disk
 * without an owner: its process was terminated or crashed.
 */
export const RUN_PHASES = [
  'preparing',
  'running',
  'pausing',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
  'interrupted',
] as const;

export const runStateSchema = z.object({
  runId: z.string(),
  name: z.string(),
  /** The user's note; empty for none. */
  note: z.string(),
  /** Null where `run.json` cannot be read. */
  project: runProjectSchema.nullable(),
  /** Milliseconds since 1970; null where it is not known. */
  startedAt: z.number().nullable(),
  phase: z.enum(RUN_PHASES),
  /** Progress of the preparation; null at other times. */
  progress: z.object({ label: messageSchema, done: z.number(), total: z.number() }).nullable(),
  epoch: z.number(),
  epochs: z.number(),
  step: z.number(),
  steps: z.number(),
  imagesPerSecond: z.number(),
  /** Milliseconds until the end; null before the tenth step. */
  etaMs: z.number().nullable(),
  precision: z.string(),
  threads: z.number(),
  backend: z.string(),
  result: resultSchema.nullable(),
  error: errorDataSchema.nullable(),
  /** Milliseconds since 1970 of the last checkpoint; null before the first. */
  lastCheckpointAt: z.number().nullable(),
});

export type RunPhase = (typeof RUN_PHASES)[number];
export type RunState = z.infer<typeof runStateSchema>;
