import { z } from 'zod';
import { messageSchema } from '#core/contract/messageSchema.ts';

const slotSchema = z.number().int().min(0);

/** The metadata that a cache file stores beside the pixels. */
export const cacheTrailerSchema = z.object({
  /**
   * Slots without an image, with the reason; their pixels are zero. `isFinal`: decoding the same file will fail again.
   */
  failed: z.array(z.object({ slot: slotSchema, reason: messageSchema, isFinal: z.boolean() })),
  /** For each channel, 256 counts: how often each byte value occurs in the slots that hold an image. */
  histograms: z.array(z.array(z.number().int().min(0)).length(256)),
  /**
   * Slots whose digest covers only front, end and size of a large file: the SHA-1 of all bytes of the file, and the
   * modification times with which the file was seen to have them.
   */
  large: z.array(
    z.object({
      slot: slotSchema,
      digest: z.string().regex(/^[0-9a-f]{40}$/),
      modifiedMs: z.array(z.number()).min(1),
    }),
  ),
});
export type CacheTrailer = z.infer<typeof cacheTrailerSchema>;
