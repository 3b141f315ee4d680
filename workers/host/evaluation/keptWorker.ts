import { z } from 'zod';
import { serveCalls } from '../../threads/calls.ts';
import { keptHandlers } from './keptHandlers.ts';

/** Entry of the thread that reads kept evaluations for the host. */
void serveCalls(z.object({ cacheFolder: z.string() }), keptHandlers);
