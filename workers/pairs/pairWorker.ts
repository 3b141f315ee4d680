import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { evaluatePair } from './evaluatePair.ts';
import { pairRequestSchema, type PairFound, type PairRequest } from './pairRequest.ts';

/** Entry of the thread that evaluates two networks. */
await serveThread<PairRequest, never, Progress, PairFound>(
  { request: pairRequestSchema },
  (request, { signal, tell }) => evaluatePair(request, { signal, onProgress: seldom(tell) }),
);
