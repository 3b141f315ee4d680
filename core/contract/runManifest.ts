import { z } from 'zod';
import { preprocessingSchema } from './preprocessing.ts';

/** `run.json`: everything a run was started with. Written once, before the first step; what changes stands in the checkpoint. */
export const runManifestSchema = z.object({
  format: z.literal('normlab-run'),
  version: z.literal(1),
  name: z.string(),
  createdAt: z.string(),
  normlabVersion: z.string(),
  /** The project as it was trained, as its JSON text. */
  project: z.string(),
  /** Id of that project, and its `documentHash`: which project a run belongs to. Absent in runs of older versions. */
  projectId: z.string().max(64).optional(),
  documentHash: z.string().max(64).optional(),
  /** Class i of the network; sorted by name. */
  classNames: z.array(z.string()),
  preprocessing: preprocessingSchema,
  data: z.object({
    trainFolder: z.string(),
    validationFolder: z.string().nullable(),
    /** Used when `validationFolder` is null. */
    validationFraction: z.number(),
    /** Table that gave the classes of the training folder; null or absent: its subfolders did. */
    labels: z.string().nullable().optional(),
    /** Run whose split was taken over. */
    splitFrom: z.string().nullable().optional(),
    trainImages: z.number().int(),
    validationImages: z.number().int(),
    /** SHA-256 over the sorted relative names and sizes of the images used: a changed folder is noticed on resume. */
    fingerprint: z.string(),
  }),
  /** What the machine decided; a resumed run must have the same to give the same bits. */
  compute: z.object({
    backend: z.enum(['native', 'reference']),
    backendDescription: z.string(),
    precision: z.enum(['f32', 'bf16', 'f64']),
    threads: z.number().int(),
  }),
});
export type RunManifest = z.infer<typeof runManifestSchema>;

/** Names inside a run folder. */
export const RUN_FILES = {
  manifest: 'run.json',
  /** One metric event a line, in the command line's form. */
  metrics: 'metrics.jsonl',
  /** State and counters in one safetensors file, replaced atomically. */
  checkpoint: 'checkpoint.safetensors',
  result: 'result.json',
  /** Name, note and end of the run; the only file that is changed without the lock. */
  about: 'about.json',
  /** Which pictures trained and which validated, by content. */
  split: 'split.json',
} as const;
