import { z } from 'zod';
import { CLUSTER_CALLS } from '#core/contract/clusterCalls.ts';

/** The start data of the thread that writes a project for a cluster; the network is passed as its JSON text. */
export const clusterRequestSchema = z.object({
  project: z.string(),
  /** The training folder. */
  train: z.string(),
  validation: z.string().nullable(),
  labels: z.string().nullable(),
  splitFrom: z.string().nullable(),
  /** A model file, project or run to start from; null: what the project names. */
  from: z.string().nullable(),
  partial: z.boolean(),
  weightsFolders: z.array(z.string()),
  /** The machines that the scripts ask for. */
  nodes: z.number().int().min(1),
  gpusPerNode: z.number().int().min(1),
  /** The folder to write. */
  path: z.string(),
  /** True: a project folder of ours is replaced. */
  overwrite: z.boolean(),
  cacheFolder: z.string().nullable(),
});
export type ClusterRequest = z.infer<typeof clusterRequestSchema>;

/** The result of the thread. */
export const clusterReportSchema = CLUSTER_CALLS['cluster.write'].result;
export type ClusterReport = z.infer<typeof clusterReportSchema>;
