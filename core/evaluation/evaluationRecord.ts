import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';
import { figuresSchema } from './figuresSchema.ts';

/** Names inside the folder of an evaluation, `evaluations/<id>` of a run. */
export const EVALUATION_FILES = {
  record: 'evaluation.json',
  /** Logits, labels, names and digests of the images. */
  logits: 'logits.safetensors',
  /** Likely mislabelled images, copies and forgotten images, once they have been searched for. */
  doubts: 'doubts.json',
} as const;

const count = z.number().int().nonnegative();
const name = z.string();

/** `evaluation.json`: which network was evaluated on which images, and its figures. */
export const evaluationRecordSchema = z.object({
  format: z.literal('normlab-evaluation'),
  version: z.literal(1),
  /** Hash of the weights, the images and the settings: the same evaluation has the same id. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  createdAt: z.string(),
  normlabVersion: z.string(),
  model: z.object({
    run: name,
    checkpoint: z.enum(CHECKPOINT_CHOICES),
    weights: z.enum(['raw', 'ema']),
    statistics: z.enum(['moving-average', 'exact']),
    /** Number of finished epochs. */
    epoch: count,
    /** True: each BatchNorm that can be folded into a layer was folded first. */
    folded: z.boolean().optional(),
  }),
  readout: z.enum(['softmax', 'sigmoid', 'clip']),
  classNames: z.array(name).min(2),
  images: z.object({
    /** A part of the run's own images, or a folder. */
    source: z.enum(['train', 'validation', 'folder']),
    /** Folder that the names of the images belong to. */
    folder: name,
    /** Of a folder: only images of this part of the run's split; null: all. */
    part: z.enum(['train', 'validation']).nullable(),
    /** Classes of the network without an image. */
    missing: z.array(name),
    /** Classes that the network does not have, and how many images of them were left out. */
    extra: z.array(z.object({ name, images: count })),
    /** Number of files that could not be read. */
    skipped: count,
  }),
  compute: z.object({
    backend: name,
    precision: z.enum(['f32', 'bf16', 'f64']),
    threads: count,
    batch: count,
    /** From the first batch to the last, and the images per second in that time. */
    elapsedMs: z.number(),
    imagesPerSecond: z.number(),
  }),
  /** Name of the run's loss function, and its mean without label smoothing and class weights; null: not finite. */
  loss: z.object({ kind: name, mean: z.number().nullable() }),
  figures: figuresSchema,
  /** Cells of the confusion matrix that are not 0: true class, class given, images. */
  confusion: z.array(z.tuple([count, count, count])),
});
export type EvaluationRecord = z.infer<typeof evaluationRecordSchema>;
