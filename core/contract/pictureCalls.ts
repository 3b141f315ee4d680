import { z } from 'zod';
import { CHANNEL_ORDERS } from '../document/normalization.ts';
import { LONGEST_NAME } from '../document/limits.ts';
import { checkpoint, described, grant, runId } from './callFields.ts';
import { evaluationKeySchema, taskId } from './evaluationCalls.ts';
import { messageSchema } from './messageSchema.ts';

const count = z.number().int().nonnegative();
/** One network on which pictures are tried. */
const sessionId = z.string().min(1).max(64);
const pictureId = z.string().min(1).max(64);
const block = z.string().min(1).max(LONGEST_NAME);

/** Bytes of an image file that the page holds, from a paste or a camera: at most 8 MiB of base64. */
const LARGEST_UPLOAD = 8 * 1024 * 1024;

/** Float32 values, little endian, in base64, with their shape. */
const tensorSchema = z.object({ shape: z.array(count), values: z.string() });

/**
 * Which BatchNorm statistics classify a picture.
 * - stored: those in the checkpoint. moving: the moving averages. exact: measured over the training images.
 * - kind: those of a batch of the picture and images of the class that the stored statistics give it.
 * - random: those of batches of the picture and random training images, one answer for each batch.
 */
export const TRIED_STATISTICS = ['stored', 'moving', 'exact', 'kind', 'random'] as const;
export type TriedStatistics = (typeof TRIED_STATISTICS)[number];

const answerSchema = z.object({
  logits: z.array(z.number().nullable()),
  /** One probability for each class. */
  probabilities: z.array(z.number().nullable()),
});

const MAP_METHODS = ['grad-cam', 'grad-cam++'] as const;

/** Calls about single pictures: how a network classifies them and what it looks at. */
export const PICTURE_CALLS = {
  /** Loads the network of a run. A screen keeps one session; opening another one under the same id replaces it. */
  'picture.open': {
    params: z.object({
      sessionId,
      runId,
      checkpoint,
      weights: z.enum(['raw', 'ema']).optional(),
    }),
    result: z.object({
      classNames: z.array(z.string()),
      input: z.object({
        channels: count,
        height: count,
        width: count,
        /** Order of the channels in the tensor; absent: RGB. The bytes of a picture are always RGB. */
        channelOrder: z.enum(CHANNEL_ORDERS).optional(),
      }),
      /** Whether a block measures batch statistics in training: without one, all answers are the same. */
      hasBatchNorm: z.boolean(),
      /** Statistics that can be asked for. */
      statistics: z.array(z.enum(TRIED_STATISTICS)),
      /** The blocks with an output that can be shown, in the order of computation. */
      blocks: z.array(
        z.object({
          block,
          kind: z.string(),
          channels: count,
          height: count,
          width: count,
          /** Grad-CAM needs an output with height and width before the classifier. */
          hasMap: z.boolean(),
          /** Shape of its kernels `[out, in, kh, kw]`; null without kernels. */
          filters: z.array(count).length(4).nullable(),
        }),
      ),
    }),
  },
  'picture.close': { params: z.object({ sessionId }), result: z.object({}) },
  /** Decodes a picture as in training. */
  'picture.show': {
    params: z.object({
      sessionId,
      picture: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('file'), file: grant }),
        z.object({
          kind: z.literal('bytes'),
          name: z.string().max(LONGEST_NAME),
          base64: z.string().max(LARGEST_UPLOAD),
        }),
        z.object({ kind: z.literal('evaluated'), key: evaluationKeySchema, image: count }),
      ]),
    }),
    result: z.object({
      pictureId,
      name: z.string(),
      /** Size of the file's image, after its orientation was applied. */
      width: count,
      height: count,
      /** The picture as a data URL, at most 512 px on its longer side. */
      preview: z.string(),
      /** The network's input: bytes `[height, width, channels]` after resizing, in base64. */
      bytes: z.string(),
      /** The same normalized, `[channels, height, width]`: what the first layer reads. */
      tensor: tensorSchema,
    }),
  },
  /** Classifies a picture. `pictureProgress` events report the measuring of exact statistics. */
  'picture.classify': {
    params: z.object({
      sessionId,
      taskId,
      pictureId,
      statistics: z.enum(TRIED_STATISTICS),
      /** Number of other images in a batch (`kind`, `random`), and number of batches (`random`). */
      companions: z.number().int().min(1).max(255).default(50),
      batches: z.number().int().min(1).max(100).default(20),
    }),
    result: z.object({
      /** One answer for each batch. */
      answers: z.array(answerSchema),
      /** Other images in the batch; 0 for statistics that do not depend on it. */
      companions: count,
    }),
  },
  /** Grad-CAM or Grad-CAM++ of a class at a block. */
  'picture.map': {
    params: z.object({ sessionId, pictureId, method: z.enum(MAP_METHODS), block, class: count }),
    result: z.object({
      /** Values at the resolution of the block, `[height, width]`, at least 0. */
      map: tensorSchema,
      /** The logit that was differentiated. */
      logit: z.number().nullable(),
      elapsedMs: z.number(),
    }),
  },
  /** Loss of the class's probability where a square of the picture is covered; `pictureProgress` events report. */
  'picture.occlude': {
    params: z.object({
      sessionId,
      taskId,
      pictureId,
      class: count,
      /** Side of the square and the distance between two, in pixels of the input. */
      size: z.number().int().min(1).max(4096),
      stride: z.number().int().min(1).max(4096),
    }),
    result: z.object({
      /** Probability of the uncovered picture minus that of the covered one, `[rows, columns]`. */
      map: tensorSchema,
      probability: z.number(),
      elapsedMs: z.number(),
    }),
  },
  /** Output of a block for a picture, some of its channels. */
  'picture.features': {
    params: z.object({
      sessionId,
      pictureId,
      block,
      from: count,
      count: z.number().int().min(1).max(64),
    }),
    /** `[channels, height, width]`; `[channels, 1, 1]` for a block without height and width. */
    result: z.object({ total: count, features: tensorSchema }),
  },
  /** Kernels of a block, some of its output channels. */
  'picture.filters': {
    params: z.object({ sessionId, block, from: count, count: z.number().int().min(1).max(64) }),
    /** `[out, in, kh, kw]`. */
    result: z.object({ total: count, filters: tensorSchema }),
  },
  /**
   * Classifies all images of a folder into a CSV file, which is written while they are classified. Without `overwrite`
   * an existing file is not changed: 'output-exists'. A cancelled one keeps what it has written.
   */
  'picture.classifyFolder': {
    params: z.object({
      taskId,
      runId,
      checkpoint,
      images: grant,
      folder: grant,
      name: z.string().min(1).max(200),
      topK: z.number().int().min(1).max(1000),
      overwrite: z.boolean(),
    }),
    result: z.object({ file: described, classified: count, failed: count, failures: z.array(messageSchema) }),
  },
  'picture.cancel': { params: z.object({ taskId }), result: z.object({}) },
} as const;
