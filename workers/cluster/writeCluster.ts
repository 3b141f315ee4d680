import { clusterFiles } from '#core/cluster/clusterFiles.ts';
import { CLUSTER_MANIFEST, clusterManifest } from '#core/cluster/clusterManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { encodeUtf8 } from '#core/export/utf8.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { message } from '#core/words/message.ts';
import { describeBytes } from '../export/check/checkManifest.ts';
import { writeFiles, writeFolderInPlace } from '../files/folderInPlace.ts';
import type { TaskContext } from '../threads/progress.ts';
import type { ClusterReport, ClusterRequest } from './clusterRequest.ts';
import { ownClusterEntries } from './ownCluster.ts';
import { planCluster } from './planCluster.ts';

/**
 * Writes a PyTorch project that trains on a cluster into the folder `request.path`, under a temporary name until it is
 * complete. Throws `AppError` as `planCluster` and `writeFolderInPlace` do, and 'interrupted'.
 */
export function writeCluster(request: ClusterRequest, context: TaskContext): Promise<ClusterReport> {
  const { path, overwrite } = request;
  return writeFolderInPlace(path, { overwrite, ownEntries: ownClusterEntries }, async (temporary, target) => {
    const run = await planCluster(request, context);
    if (context.signal.aborted) throw new AppError('interrupted', message('cluster.cancelled'));
    context.onProgress(message('cluster.writing'), 0, null);
    const files = clusterFiles(run, request);
    const manifest = clusterManifest({
      normlab_version: run.normlabVersion,
      project_name: run.document.name,
      files: Object.fromEntries([...files].map(([name, bytes]) => [name, describeBytes(bytes)])),
    });
    const all = new Map([...files, [CLUSTER_MANIFEST, encodeUtf8(manifest)]]);
    await writeFiles(temporary, all);
    if (context.signal.aborted) throw new AppError('interrupted', message('cluster.cancelled'));
    const { epochs, batchSize, remainder, accumulate, precision } = run.document.training;
    return {
      path: target,
      files: all.size,
      sizeBytes: [...all.values()].reduce((sum, { length }) => sum + length, 0),
      ...{ trainImages: run.train.length, validationImages: run.validation.length },
      globalBatch: batchSize,
      steps: epochs * planEpoch(run.train.length, batchSize, remainder, accumulate).updates,
      precision: precision === 'bf16' ? 'bf16' : 'f32',
      command: `torchrun --nproc-per-node ${String(request.gpusPerNode)} train.py --data IMAGES${run.hasValidationFolder ? ' --validation-data VALIDATION' : ''}`,
    };
  });
}
