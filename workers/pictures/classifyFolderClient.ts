import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type ThreadHandle } from '../threads/startThread.ts';
import {
  classifiedFolderSchema,
  type ClassifiedFolder,
  type ClassifyFolder,
} from './classifyFolderMessages.ts';

/**
 * Starts the classification of a folder in a thread of its own. `done` rejects as `classifyIntoFile` throws; what is
 * written stays.
 */
export function startClassifyFolder(
  request: ClassifyFolder,
  onProgress: (progress: Progress) => void,
): ThreadHandle<ClassifiedFolder> {
  return startThread({
    entry: new URL('./classifyFolderWorker.ts', import.meta.url),
    name: 'classification',
    request,
    event: progressSchema,
    result: classifiedFolderSchema,
    onEvent: onProgress,
    died: message('pictures.folderDied', { file: request.file }),
  });
}
