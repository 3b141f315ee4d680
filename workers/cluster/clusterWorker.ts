import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { clusterRequestSchema, type ClusterReport, type ClusterRequest } from './clusterRequest.ts';
import { writeCluster } from './writeCluster.ts';

/** Entry of the thread that writes a project for a cluster. */
await serveThread<ClusterRequest, never, Progress, ClusterReport>(
  { request: clusterRequestSchema },
  (request, { signal, tell }) => writeCluster(request, { signal, onProgress: seldom(tell) }),
);
