import { z } from 'zod';
import type { FoldMeasurement } from '#core/contract/normPreview.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';
import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { measureFold } from './measureFold.ts';

const requestSchema = z.object({
  run: z.string(),
  weights: z.enum(['raw', 'ema']).optional(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).optional(),
  cacheFolder: z.string().optional(),
});

/** Entry of a thread that compares a network with itself folded. */
await serveThread<z.infer<typeof requestSchema>, never, Progress, FoldMeasurement>(
  { request: requestSchema },
  ({ run, weights, checkpoint, cacheFolder }, { signal, tell }) =>
    measureFold(
      {
        run,
        ...(weights === undefined ? {} : { weights }),
        ...(checkpoint === undefined ? {} : { checkpoint }),
        ...(cacheFolder === undefined ? {} : { cacheFolder }),
      },
      { signal, onProgress: seldom(tell) },
    ),
);
