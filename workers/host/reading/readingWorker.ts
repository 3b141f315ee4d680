import { z } from 'zod';
import { serveCalls } from '../../threads/calls.ts';
import { readingHandlers } from './readingHandlers.ts';

/** Entry of the thread that reads for the host. */
void serveCalls(z.object({ cacheFolder: z.string(), weightsFolder: z.string() }), readingHandlers);
