import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type Cancellable } from '../threads/startThread.ts';
import { clusterReportSchema, type ClusterReport, type ClusterRequest } from './clusterRequest.ts';

/**
 * Writes a project for a cluster in a thread of its own. `done` rejects as `writeCluster` does, or with 'worker-died'.
 */
export function startCluster(
  request: ClusterRequest,
  onProgress: (progress: Progress) => void,
): Cancellable<ClusterReport> {
  return startThread({
    entry: new URL('./clusterWorker.ts', import.meta.url),
    name: 'cluster',
    request,
    event: progressSchema,
    result: clusterReportSchema,
    onEvent: onProgress,
    died: message('cluster.died'),
  });
}
