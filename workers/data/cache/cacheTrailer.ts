import { z } from 'zod';

/** What a cache file knows beside the pixels. */
export const cacheTrailerSchema = z.object({
  /** Slots without a picture, with the reason; their pixels are zero. `isFinal`: the same file will fail again. */
  failed: z.array(z.object({ slot: z.number().int().min(0), reason: z.string(), isFinal: z.boolean() })),
  /** For each channel, how often each byte value occurs in the slots that hold a picture; 256 counts. */
  histograms: z.array(z.array(z.number().int().min(0)).length(256)),
});
export type CacheTrailer = z.infer<typeof cacheTrailerSchema>;
