import { z } from 'zod';
import { serveCalls } from '../../threads/calls.ts';
import { pairReadingHandlers } from './pairReadingHandlers.ts';

/** Entry of the thread that compares evaluations for the host. */
void serveCalls(z.object({ cacheFolder: z.string() }), (data, tell) => ({
  ...pairReadingHandlers(data, tell),
}));
