import { join } from 'node:path';
import type { LabEvent, LabParams, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { startCluster } from '../../cluster/clusterClient.ts';
import { ownClusterEntries } from '../../cluster/ownCluster.ts';
import type { ClusterReport } from '../../cluster/clusterRequest.ts';
import { TaskSet } from '../../threads/taskSet.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import { plainName } from '../projects/plainName.ts';
import { refuseForeignFolder } from '../storage/overwriteGuard.ts';

/** How long `close` waits for a thread. */
const CLOSE_TIMEOUT_MS = 30_000;

/** Writes projects for a cluster for the screen, each in a thread of its own, with progress and cancel. */
export class ClusterService {
  private readonly cacheFolder: string;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly active = new TaskSet<ClusterReport>();

  constructor(cacheFolder: string, grants: FileGrants, tell: (event: LabEvent) => void) {
    this.cacheFolder = cacheFolder;
    this.grants = grants;
    this.tell = tell;
  }

  /** The project is a folder with a plain name in a granted folder. Throws as `startCluster` does. */
  async write(request: LabParams<'cluster.write'>): Promise<LabResult<'cluster.write'>> {
    const { writeId, project, nodes, gpusPerNode, overwrite } = request;
    const train = this.grants.resolve(request.train, 'folder', 'read');
    const validation =
      request.validation === null ? null : this.grants.resolve(request.validation, 'folder', 'read');
    const path = join(this.grants.resolve(request.folder, 'folder', 'create'), plainName(request.name, ''));
    await refuseForeignFolder(path, ownClusterEntries);
    if (this.active.has(writeId)) throw new AppError('arguments', message('cluster.underWay'));
    const handle = startCluster(
      {
        ...{ project, train, validation, nodes, gpusPerNode, path, overwrite },
        ...{ labels: null, splitFrom: null, from: null, partial: false, weightsFolders: [] },
        cacheFolder: this.cacheFolder,
      },
      (progress) => this.tell({ event: 'clusterProgress', writeId, progress }),
    );
    return this.active.run(writeId, handle);
  }

  /** Cancels the writing, which then leaves no folder. */
  cancel(writeId: string): void {
    this.active.cancel(writeId);
  }

  /** Cancels all work; resolves when the threads have ended. */
  close(): Promise<void> {
    return this.active.close(CLOSE_TIMEOUT_MS);
  }
}
