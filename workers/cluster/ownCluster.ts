import { filesOfCluster } from '#core/cluster/clusterManifest.ts';
import { message } from '#core/words/message.ts';
import { ownEntriesBy } from '../export/ownBundle.ts';

/**
 * The paths of what a project folder consists of. Throws `AppError('output-foreign')` for a folder of others, and for
 * one that holds other files, such as results of a training.
 */
export function ownClusterEntries(folder: string): Promise<readonly string[]> {
  return ownEntriesBy(folder, filesOfCluster, message('cluster.noProject', { path: folder }));
}
