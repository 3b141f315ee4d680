import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import {
  evaluationRequestSchema,
  type EvaluationOutcome,
  type EvaluationRequest,
} from './evaluationMessages.ts';
import { judgeInto } from './judgeInto.ts';

/** Entry of an evaluation thread: writes the files of one evaluation into a folder. */
await serveThread<EvaluationRequest, never, Progress, EvaluationOutcome>(
  { request: evaluationRequestSchema },
  async ({ folder, isWhole, ...options }, { signal, tell }) => {
    const { record, files, confusion, scores, skipped } = await judgeInto(folder, {
      ...options,
      signal,
      onProgress: seldom(tell),
    });
    const whole = isWhole ? { record, files: [...files], confusion, scores } : null;
    return { id: record.id, skipped: [...skipped], whole };
  },
);
