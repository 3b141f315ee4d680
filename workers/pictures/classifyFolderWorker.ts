import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { classifyFolderSchema, type ClassifiedFolder } from './classifyFolderMessages.ts';
import { classifyIntoFile } from './classifyIntoFile.ts';

/** Entry of a thread that classifies all images of a folder into a CSV file. */
await serveThread<ReturnType<typeof classifyFolderSchema.parse>, never, Progress, ClassifiedFolder>(
  { request: classifyFolderSchema },
  async ({ run, checkpoint, images, file, topK, overwrite, cacheFolder }, { signal, tell }) => {
    const { failures, ...counts } = await classifyIntoFile({
      ...{ run, paths: [images], file, top: topK, overwrite, cacheFolder },
      ...{ signal, onProgress: seldom(tell) },
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
    return { ...counts, failures: [...failures] };
  },
);
