import { z } from 'zod';
import { EXPORT_FORMATS } from '../export/formats.ts';
import { checkpoint, described, grant, runId } from './callFields.ts';
import { exportFigures } from './exportFigures.ts';
import { messageSchema } from './messageSchema.ts';
import { foldMeasurementSchema, normPreviewSchema } from './normPreview.ts';

const exportId = z.string().min(1).max(64);

/** Calls about exports of runs. */
export const EXPORT_CALLS = {
  /**
   * Writes a model file or a folder of model files and verifies it. Returns when it is done; `exportProgress` events
   * report progress. Without `overwrite`, an existing file is not changed: 'output-exists'.
   */
  'run.export': {
    params: z.object({
      runId,
      exportId,
      format: z.enum(EXPORT_FORMATS),
      foldBatchNorm: z.boolean(),
      /** ONNX only: the file resizes and normalizes bytes of images of any size itself. */
      withPreprocessing: z.boolean().optional(),
      checkpoint,
      folder: grant,
      name: z.string().min(1).max(200),
      /** True: the user has agreed to replace an existing file of that name. */
      overwrite: z.boolean(),
    }),
    result: z.object({
      file: described,
      ...exportFigures,
      /** Notes on the frozen statistics in the file, one per line. */
      notes: z.array(messageSchema),
    }),
  },
  /** What an export would express in another way, or not at all, one per line; shown before it begins. */
  'run.exportDifferences': {
    params: z.object({
      runId,
      format: z.enum(EXPORT_FORMATS),
      foldBatchNorm: z.boolean(),
      withPreprocessing: z.boolean().optional(),
    }),
    result: z.object({ differences: z.array(messageSchema) }),
  },
  /** What an export does with each BatchNorm block, and what is worth knowing about the weights before it. */
  'run.normPreview': { params: z.object({ runId, checkpoint }), result: normPreviewSchema },
  /**
   * Compares the network with itself folded, on images of the run. Returns when it is done; `exportProgress` events
   * report progress under the `exportId`, and `run.cancelExport` cancels it: 'interrupted'.
   */
  'run.measureFold': { params: z.object({ runId, exportId, checkpoint }), result: foldMeasurementSchema },
  /** Cancels an export, which leaves no file and fails with 'interrupted'. */
  'run.cancelExport': { params: z.object({ exportId }), result: z.object({}) },
} as const;
