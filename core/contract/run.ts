import { z } from 'zod';
import { bestEpochSchema } from '../training/bestEpoch.ts';
import { seriesMemberSchema } from '../training/policyRows.ts';
import { messageSchema } from './messageSchema.ts';
import { followedSchema } from './remoteRun.ts';
import { resultSchema } from './runResult.ts';
import { originSchema } from './trainedElsewhere.ts';

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
 * without an owner: its process was terminated or crashed. `silent` and `away` are of followed runs alone: one that
 * gives no sign of life, and one whose folder cannot be read now.
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
  'silent',
  'away',
] as const;

export const runStateSchema = z.object({
  runId: z.string(),
  name: z.string(),
  /** The user's note; empty for none. */
  note: z.string(),
  /** Null where `run.json` cannot be read. */
  project: runProjectSchema.nullable(),
  /** The comparison of BatchNorm policies that the run belongs to; absent for a run by itself. */
  series: seriesMemberSchema.optional(),
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
  /** Updates of the weights in it; null where it cannot be read. */
  lastCheckpointStep: z.number().nullable(),
  /** When a run that trains is due to write its first checkpoint; null when that is not known, and after it. */
  firstCheckpointDueAt: z.number().nullable(),
  /** The best epoch whose weights are on the disk; null without one. */
  best: bestEpochSchema.nullable(),
  /** Of a run that trains elsewhere and is followed by its folder; absent for a run with a folder of this lab. */
  remote: followedSchema.optional(),
  /** Of a run that was trained elsewhere and imported. */
  origin: originSchema.optional(),
});

export type RunPhase = (typeof RUN_PHASES)[number];
export type RunState = z.infer<typeof runStateSchema>;
