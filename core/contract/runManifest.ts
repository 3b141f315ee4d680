import { z } from 'zod';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { extensionSchema } from '../training/extension.ts';
import { comparedResultSchema, seriesMemberSchema } from '../training/policyRows.ts';
import { message } from '../words/message.ts';
import { preprocessingSchema } from '../document/preprocessing.ts';
import { originSchema } from './trainedElsewhere.ts';

/** Upper bounds for a plausible manifest: NormLab writes none beyond them. */
const MAX_TEXT = 65_536;
const MAX_IMAGES = 2 ** 32 - 1;
const MAX_THREADS = 1024;
/** A path; no system allows NUL in one. */
const place = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .refine((text) => !text.includes('\0'));

/** What a run took from trained weights. */
const runStartSchema = z.object({
  /** Name of the file or run, for display. */
  source: z.string().max(MAX_TEXT),
  /** Absolute path of the file or run folder; read again when the run is resumed before its first checkpoint. */
  path: place,
  /** Number of tensors that were taken. */
  matched: z.number().int().nonnegative(),
  /** The other tensors, which began with their initializers. */
  initialized: z.array(z.string().max(MAX_TEXT)),
  /** True: the user has agreed to a partial load. */
  partial: z.boolean(),
});

/** The comparison of BatchNorm policies that a run belongs to. */
const runSeriesSchema = seriesMemberSchema.extend({
  /** Folder of the test part, on which the finished run is evaluated. */
  testFolder: place.nullable(),
  /** Written once it is measured, before the first step; null until then, and in all runs but one of a comparison. */
  start: comparedResultSchema.shape.start,
});

/**
 * `run.json`: everything a run was started with. It is written before the first step, and again when the run is
 * extended to more epochs; what changes with every step is in the checkpoint.
 */
const describedRun = z.object({
  format: z.literal('normlab-run'),
  version: z.literal(1),
  name: z.string().max(MAX_TEXT),
  createdAt: z.string().max(MAX_TEXT),
  normlabVersion: z.string().max(MAX_TEXT),
  /** The project as it was trained, as its JSON text. */
  project: z.string(),
  /**
   * Id of that project, and its `documentHash`: they identify the project a run belongs to. Absent in runs of older
   * versions.
   */
  projectId: z.string().max(64).optional(),
  documentHash: z.string().max(64).optional(),
  /** Class i of the network; sorted by name. */
  classNames: z.array(z.string().max(MAX_TEXT)).min(2),
  preprocessing: preprocessingSchema,
  data: z.object({
    /** Null for a run that was trained elsewhere: its images may be anywhere. */
    trainFolder: place.nullable(),
    validationFolder: place.nullable(),
    /** Used when `validationFolder` is null. */
    validationFraction: z.number().min(0).max(1),
    /** Table with the classes of the training folder; null or absent: its subfolders are the classes. */
    labels: place.nullable().optional(),
    /** Run whose split was reused. */
    splitFrom: place.nullable().optional(),
    trainImages: z.number().int().min(1).max(MAX_IMAGES),
    validationImages: z.number().int().min(0).max(MAX_IMAGES),
    /** SHA-256 over the sorted relative names and sizes of the images used; detects a changed folder on resume. */
    fingerprint: z.string().max(MAX_TEXT),
  }),
  /** Settings derived from the machine; a resumed run needs the same ones to be bit-identical. */
  compute: z.object({
    backend: z.enum(['native', 'reference']),
    backendDescription: z.string().max(MAX_TEXT),
    precision: z.enum(['f32', 'bf16', 'f64']),
    threads: z.number().int().min(1).max(MAX_THREADS),
  }),
  /**
   * The extensions to more epochs, oldest first; absent where there are none. `project` has the latest number of
   * epochs.
   */
  extensions: z.array(extensionSchema).optional(),
  /** The trained weights that the run started from; absent for a run from initialized weights. */
  start: runStartSchema.optional(),
  /** Absent for a run by itself. */
  series: runSeriesSchema.optional(),
  /** Of a run that was trained elsewhere and imported; `compute` then is what stores its weights. */
  origin: originSchema.optional(),
});

/** Precisions of each backend. */
const PRECISIONS = { native: ['f32', 'bf16'], reference: ['f64'] } as const;

/** A manifest whose fields are consistent with each other. */
export const runManifestSchema = describedRun.superRefine(({ classNames, compute }, context) => {
  if (new Set(classNames).size < classNames.length)
    context.addIssue({ ...ownIssue(message('schema.classTwice')), path: ['classNames'] });
  const known: readonly string[] = PRECISIONS[compute.backend];
  if (!known.includes(compute.precision))
    context.addIssue({
      ...ownIssue(
        message('schema.noSuchPrecision', { backend: compute.backend, precision: compute.precision }),
      ),
      path: ['compute', 'precision'],
    });
});
export type RunManifest = z.infer<typeof runManifestSchema>;

/** Names inside a run folder. */
export const RUN_FILES = {
  manifest: 'run.json',
  /** One metric event per line, in the format of the command line. */
  metrics: 'metrics.jsonl',
  /** State and counters in one safetensors file, replaced atomically. */
  checkpoint: 'checkpoint.safetensors',
  /**
   * The weights of the best epoch, in the same format but without what only training needs; absent without validation.
   */
  best: 'best.safetensors',
  result: 'result.json',
  /** Name, note and end of the run; the only file that is changed without the lock. */
  about: 'about.json',
  /** Which images are training and which validation images, by content. */
  split: 'split.json',
  /** The class given to each validation image after each epoch; absent without validation. */
  decisions: 'decisions.bin',
  /** Folder of its evaluations, one folder each. */
  evaluations: 'evaluations',
} as const;
