import { serveTask } from '../threads/serveThread.ts';
import { exportFolder } from './exportFolder.ts';
import { exportRequestSchema } from './exportMessages.ts';

/** Entry of an export thread: one file, written under its temporary name and verified. */
await serveTask(exportRequestSchema, ({ temporary, weights, cacheFolder, ...asked }, context) =>
  exportFolder(
    {
      ...asked,
      ...(weights === null ? {} : { weights }),
      ...(cacheFolder === null ? {} : { cacheFolder }),
    },
    temporary,
    context,
  ),
);
