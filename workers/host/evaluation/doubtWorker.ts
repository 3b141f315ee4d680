import { z } from 'zod';
import { serveCalls } from '../../threads/calls.ts';
import { doubtHandlers } from './doubtHandlers.ts';

/** Entry of the thread that searches evaluations. */
void serveCalls(z.object({ cacheFolder: z.string(), runs: z.string() }), doubtHandlers);
