import { z } from 'zod';
import { PROJECT_LIMITS } from '../document/limits.ts';
import { grant } from './callFields.ts';

const writeId = z.string().min(1).max(64);

/** Calls about projects that train on a cluster. */
export const CLUSTER_CALLS = {
  /**
   * Writes a PyTorch project that trains the network on these folders. Returns when it is done; `clusterProgress`
   * events report progress. Without `overwrite`, an existing folder is not changed: 'output-exists'.
   */
  'cluster.write': {
    params: z.object({
      writeId,
      project: z.string().max(PROJECT_LIMITS.textLength),
      train: grant,
      validation: grant.nullable(),
      /** The machines that its scripts ask for. */
      nodes: z.number().int().min(1).max(10_000),
      gpusPerNode: z.number().int().min(1).max(64),
      /** The folder in which the project's own folder is made. */
      folder: grant,
      name: z.string().min(1).max(200),
      /** True: the user has agreed to replace a project folder of that name. */
      overwrite: z.boolean(),
    }),
    result: z.object({
      path: z.string(),
      files: z.number().int(),
      sizeBytes: z.number(),
      trainImages: z.number().int(),
      validationImages: z.number().int(),
      globalBatch: z.number().int(),
      steps: z.number().int(),
      precision: z.string(),
      /** The command that starts it, in that folder. */
      command: z.string(),
    }),
  },
  /** Cancels the writing, which leaves no folder and fails with 'interrupted'. */
  'cluster.cancel': { params: z.object({ writeId }), result: z.object({}) },
} as const;
