import { z } from 'zod';
import { cropFractionSchema } from '../document/crop.ts';
import { RESIZE_POLICIES } from '../document/dataSettings.ts';
import { LONGEST_NAME, PROJECT_LIMITS } from '../document/limits.ts';
import { checkpoint, described, grant, runId } from './callFields.ts';
import { dataSummarySchema, scanChangesSchema } from './dataSummary.ts';
import { engineProblemSchema } from './engineProblem.ts';
import { CLUSTER_CALLS } from './clusterCalls.ts';
import { DOUBT_CALLS } from './doubtCalls.ts';
import { EVALUATION_CALLS } from './evaluationCalls.ts';
import { EXPORT_CALLS } from './exportCalls.ts';
import { imageFilterSchema, imageRowSchema, imageViewSchema } from './imageRows.ts';
import { metricEventSchema } from './metricEvent.ts';
import { POLICY_CALLS, liveComparisonSchema } from './policyCalls.ts';
import { PAIR_CALLS } from './pairCalls.ts';
import { MODEL_CALLS } from './modelCalls.ts';
import { PICTURE_CALLS } from './pictureCalls.ts';
import { REMOTE_CALLS } from './remoteCalls.ts';
import { dataPlanSchema } from './dataPlan.ts';
import { folderReadingSchema, foundPartsSchema } from './folderReading.ts';
import { normStatisticsSchema } from './normStatistics.ts';
import { errorDataSchema, runStateSchema } from './run.ts';
import { runDetailsSchema, runName, runNote } from './runAbout.ts';
import { messageSchema } from './messageSchema.ts';

/** A project document is sent as its JSON text; each side parses it with `core/document/parse.ts`. */
const projectText = z.string().max(PROJECT_LIMITS.textLength);
/** Undo and redo steps of a project, read only by `core/edit/keptHistory.ts`; empty for none. */
const historyText = z.string().max(1024 * 1024);

/** Distinguishes the recovery copies of one project: each window has its own. */
const copyId = z
  .string()
  .max(2 * LONGEST_NAME)
  .default('');

const fileEntry = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'project', 'model', 'image', 'file']),
  grant,
  modifiedMs: z.number(),
});
/** Distinguishes the contents of a project file; opaque to the client. */
const fileVersion = z.string().max(128);
/** A project file with the version that was read or written; absent where the version is not known. */
const projectFile = described.extend({ version: fileVersion.optional() });

/**
 * Every call that the screen can make to the lab host: `params` are parsed on arrival, `result` on return. Electron's
 * MessagePort and the WebSocket of `normlab serve` carry the same messages.
 */
export const LAB_API = {
  'lab.describe': {
    params: z.object({}),
    result: z.object({
      version: z.string(),
      backend: z.enum(['native', 'reference']),
      /** oneDNN version and instruction set, or the name of the reference backend. */
      backendDescription: z.string(),
      /** Why the native backend is not available; null when it is. */
      engineProblem: engineProblemSchema.nullable(),
      precisions: z.array(z.string()),
      threads: z.number(),
      /** The sample image folder, if set-up has created one. */
      sampleFolder: described.nullable(),
      /** True where deleted runs can be moved to the system's trash. */
      hasTrash: z.boolean().default(false),
    }),
  },
  /** Lists a folder for the in-app picker; null lists the roots. */
  'files.list': {
    params: z.object({ folder: grant.nullable() }),
    result: z.object({
      folder: described.nullable(),
      parent: grant.nullable(),
      entries: z.array(fileEntry),
    }),
  },
  /** Turns a path that the user typed into a grant; refused outside the roots. */
  'files.grant': { params: z.object({ path: z.string().max(4096) }), result: described },
  'project.open': {
    params: z.object({ file: grant }),
    result: z.object({ file: projectFile, project: projectText }),
  },
  /**
   * Writes atomically; `file` for Save, `folder` and `name` for Save as. An existing file whose version differs from
   * `version` is not changed: 'project-changed'.
   */
  'project.save': {
    params: z.object({
      project: projectText,
      target: z.union([
        z.object({ file: grant, version: fileVersion.optional() }),
        z.object({
          folder: grant,
          name: z.string().min(1).max(200),
          /**
           * True: the user has agreed to replace an existing file of that name; otherwise it is not changed:
           * 'output-exists'.
           */
          overwrite: z.boolean().optional(),
        }),
      ]),
    }),
    result: projectFile,
  },
  /** Saves unsaved work to a recovery file, never over the user's own file. */
  'project.keepRecovery': {
    params: z.object({
      projectId: z.string().max(64),
      copyId,
      project: projectText,
      history: historyText,
      file: grant.nullable(),
      version: fileVersion.optional(),
    }),
    result: z.object({}),
  },
  'project.dropRecovery': {
    params: z.object({ projectId: z.string().max(64), copyId }),
    result: z.object({}),
  },
  'project.recoveries': {
    params: z.object({}),
    result: z.array(
      z.object({
        project: projectText,
        copyId: z.string(),
        history: historyText,
        savedAtMs: z.number(),
        file: projectFile.nullable(),
      }),
    ),
  },
  'project.recent': { params: z.object({}), result: z.array(described) },
  /** Returns when the scan is done; `dataProgress` events report progress. */
  'data.scan': {
    params: z.object({ folder: grant, scanId: z.string().max(64), reading: folderReadingSchema.optional() }),
    result: z.object({
      folder: described,
      summary: dataSummarySchema,
      /** Changes since the last scan of this folder by this lab; null where nothing changed, or on the first scan. */
      changes: scanChangesSchema.nullable(),
    }),
  },
  /** Finds the parts of a data set in a folder (train beside val or test); any other folder is used as it is. */
  'data.parts': {
    params: z.object({ folder: grant }),
    result: z.object({
      train: described,
      /** Null where there is no validation part. */
      validation: described.nullable(),
      /** How the parts were identified; null for a folder without parts. */
      found: foundPartsSchema.nullable(),
    }),
  },
  /** The first two lines of the table of labels in a folder, to choose its columns from; null where there is none. */
  'data.tableHeader': {
    params: z.object({ folder: grant }),
    result: z
      .object({ name: z.string(), header: z.array(z.string()), example: z.array(z.string()) })
      .nullable(),
  },
  'data.cancelScan': { params: z.object({ scanId: z.string().max(64) }), result: z.object({}) },
  /** Small PNG images of the first images of a class, as data URLs. */
  'data.thumbnails': {
    params: z.object({
      folder: grant,
      className: z.string().max(LONGEST_NAME),
      count: z.number().int().min(1).max(64),
      sizePx: z.number().int().min(16).max(256),
    }),
    result: z.array(z.object({ file: z.string(), dataUrl: z.string() })),
  },
  /**
   * Images of a folder, decoded as in training, to show the network's input: training samples by the numbers that a run
   * would give them, or images by their index in the folder's scan. Numbers past the last one wrap around.
   */
  'data.samples': {
    params: z.object({
      folder: grant,
      view: imageViewSchema,
      which: z.object({ by: z.enum(['sample', 'image']), numbers: z.array(z.number().int().min(0)).max(32) }),
      height: z.number().int().min(1).max(2048),
      width: z.number().int().min(1).max(2048),
      channels: z.union([z.literal(1), z.literal(3)]),
      resize: z.enum(RESIZE_POLICIES),
      cropFraction: cropFractionSchema.optional(),
    }),
    result: z.object({
      /** Number of training samples of a run. */
      count: z.number().int(),
      /** Mean of the training samples per channel, in byte units. */
      mean: z.array(z.number()),
      deviation: z.array(z.number()),
      /** False: estimated from some of the samples, since no run has decoded all of them yet. */
      isExact: z.boolean(),
      pictures: z.array(
        z.object({
          file: z.string(),
          className: z.string(),
          number: z.number().int(),
          /** Bytes `[height, width, channels]` in base64. */
          pixels: z.string(),
        }),
      ),
    }),
  },
  /** A page of a folder's images as a run would use them, with classes and sides after the project's edits. */
  'data.images': {
    params: z.object({
      folder: grant,
      view: imageViewSchema,
      filter: imageFilterSchema,
      from: z.number().int().min(0),
      count: z.number().int().min(1).max(500),
    }),
    /** `total`: number of rows that pass the filter. */
    result: z.object({ total: z.number().int(), rows: z.array(imageRowSchema) }),
  },
  /** The classes that a run would have after the project's edits, with the number of training images of each. */
  'data.trainingClasses': {
    params: z.object({ folder: grant, view: imageViewSchema }),
    result: z.array(z.object({ name: z.string(), count: z.number().int() })),
  },
  /** Small PNG images of files of a folder, as data URLs; files that cannot be decoded are left out. */
  'data.drawFiles': {
    params: z.object({
      folder: grant,
      files: z.array(z.string().max(LONGEST_NAME)).max(64),
      sizePx: z.number().int().min(16).max(1024),
    }),
    result: z.array(z.object({ file: z.string(), dataUrl: z.string() })),
  },
  /** What Start would do, and what prevents it. */
  'run.plan': {
    params: z.object({ project: projectText, train: grant, validation: grant.nullable() }),
    result: z.object({
      trainImages: z.number(),
      validationImages: z.number(),
      classes: z.array(z.string()),
      stepsPerEpoch: z.number(),
      lastBatch: z.number(),
      precision: z.string(),
      threads: z.number(),
      memoryBytes: z.number(),
      /** What was decided about the data; absent where folder or network cannot be used. */
      data: dataPlanSchema.optional(),
      /** What the run will do with its starting weights and its frozen blocks. */
      facts: z.array(messageSchema).optional(),
      /** What the user should look at before the start; none of it prevents the start. */
      notes: z.array(messageSchema),
      problems: z.array(errorDataSchema),
      /** Warnings from checking the network with these images; none of them prevents the start. */
      warnings: z.array(messageSchema).optional(),
    }),
  },
  'run.start': {
    params: z.object({
      project: projectText,
      name: z.string().min(1).max(120),
      train: grant,
      validation: grant.nullable(),
    }),
    result: z.object({ runId }),
  },
  'run.pause': { params: z.object({ runId }), result: z.object({}) },
  /**
   * `epochs`: the total number of epochs, to train a run, finished or not, for more epochs than it was started with.
   */
  'run.resume': {
    params: z.object({ runId, epochs: z.number().int().min(1).max(100_000).optional() }),
    result: z.object({}),
  },
  'run.stop': { params: z.object({ runId }), result: z.object({}) },
  'run.list': { params: z.object({}), result: z.array(runStateSchema) },
  /** How a run was started; available for every run that can be read. */
  'run.details': { params: z.object({ runId }), result: runDetailsSchema },
  /** Changes the name or note of a run; an absent one stays as it is. */
  'run.describe': {
    params: z.object({ runId, name: runName.optional(), note: runNote.optional() }),
    result: runStateSchema,
  },
  /**
   * Deletes a run with all its files: moves it to the system's trash, or deletes it for good with `isFinal`. A run that
   * is training, or written by another process, is refused: 'run-busy'.
   */
  'run.delete': { params: z.object({ runId, isFinal: z.boolean() }), result: z.object({}) },
  /**
   * A page of the metrics on disk, from event number `from` on. The next page starts at `next`; an empty page is the
   * end.
   */
  'run.metrics': {
    params: z.object({ runId, from: z.number().int().min(0) }),
    result: z.object({ events: z.array(metricEventSchema), next: z.number().int() }),
  },
  /** The BatchNorm statistics stored in the checkpoint of a run that has one. */
  'run.statistics': { params: z.object({ runId, checkpoint }), result: normStatisticsSchema },
  /**
   * Replaces the running statistics by exact ones over the run's own training images; the running ones are kept beside
   * them. Returns when it is done; `recalibration` events report progress.
   */
  'run.recalibrate': {
    params: z.object({
      runId,
      /** Number of batches to pool; null: all images. */
      batches: z.number().int().min(1).max(1_000_000).nullable(),
      checkpoint,
    }),
    result: normStatisticsSchema,
  },
  /** Cancels a recalibration, which changes nothing and fails with 'interrupted'. */
  'run.cancelRecalibration': { params: z.object({ runId }), result: z.object({}) },
  /** Restores the running statistics, bit for bit. */
  'run.undoRecalibration': { params: z.object({ runId, checkpoint }), result: normStatisticsSchema },
  ...EXPORT_CALLS,
  ...MODEL_CALLS,
  ...POLICY_CALLS,
  ...CLUSTER_CALLS,
  ...REMOTE_CALLS,
  ...EVALUATION_CALLS,
  ...DOUBT_CALLS,
  ...PICTURE_CALLS,
  ...PAIR_CALLS,
} as const;

export type LabApi = typeof LAB_API;
export type LabMethod = keyof LabApi;
export type LabParams<M extends LabMethod> = z.input<LabApi[M]['params']>;
export type LabResult<M extends LabMethod> = z.output<LabApi[M]['result']>;

/** Progress of one task: what is being done, and how much of it. The total is null while it is not known. */
export const progressSchema = z.object({
  label: messageSchema,
  done: z.number(),
  total: z.number().nullable(),
});

/** Events that the host sends on its own. */
export const labEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('runState'), state: runStateSchema }),
  /** A run and its files were deleted. */
  z.object({ event: z.literal('runDeleted'), runId }),
  /** `first` is the index of the first event of the batch, counted from the run's start. */
  z.object({
    event: z.literal('metrics'),
    runId,
    first: z.number().int(),
    events: z.array(metricEventSchema),
  }),
  z.object({
    event: z.literal('dataProgress'),
    scanId: z.string(),
    done: z.number(),
    /** Null while the total is unknown. */
    total: z.number().nullable(),
  }),
  /** Progress of a run's recalibration; `progress` is null once it has ended, successfully or not. */
  z.object({
    event: z.literal('recalibration'),
    runId,
    progress: progressSchema.nullable(),
  }),
  /** How a comparison of BatchNorm policies goes on; null once it has ended. */
  z.object({ event: z.literal('policies'), state: liveComparisonSchema.nullable() }),
  z.object({ event: z.literal('clusterProgress'), writeId: z.string(), progress: progressSchema }),
  z.object({ event: z.literal('exportProgress'), exportId: z.string(), progress: progressSchema }),
  z.object({ event: z.literal('evaluationProgress'), taskId: z.string(), progress: progressSchema }),
  z.object({ event: z.literal('pictureProgress'), taskId: z.string(), progress: progressSchema }),
  /** Progress of a comparison. */
  z.object({ event: z.literal('modelProgress'), importId: z.string(), progress: progressSchema }),
]);
export type LabEvent = z.infer<typeof labEventSchema>;

/** Frames on the wire, for both transports. */
export const requestFrameSchema = z.object({
  id: z.number().int().nonnegative(),
  method: z.string().max(64),
  params: z.unknown(),
});
export const responseFrameSchema = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.number().int(), ok: z.literal(false), error: errorDataSchema }),
]);
export type RequestFrame = z.infer<typeof requestFrameSchema>;
export type ResponseFrame = z.infer<typeof responseFrameSchema>;
