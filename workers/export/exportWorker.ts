import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { exportFolder } from './exportFolder.ts';
import { exportRequestSchema, type ExportThreadRequest } from './exportMessages.ts';
import type { ExportReport } from './exportRequest.ts';

/** Entry of an export thread: one file, written under its temporary name and verified. */
await serveThread<ExportThreadRequest, never, Progress, ExportReport>(
  { request: exportRequestSchema },
  ({ temporary, weights, cacheFolder, ...asked }, { signal, tell }) =>
    exportFolder(
      {
        ...asked,
        ...(weights === null ? {} : { weights }),
        ...(cacheFolder === null ? {} : { cacheFolder }),
      },
      temporary,
      { signal, onProgress: seldom(tell) },
    ),
);
