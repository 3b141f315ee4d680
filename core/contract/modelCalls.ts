import { z } from 'zod';
import { PROJECT_LIMITS } from '../document/limits.ts';
import { checkpoint, grant, runId } from './callFields.ts';
import { comparisonSchema } from './comparison.ts';
import { importReportSchema } from './importReport.ts';

const importId = z.string().min(1).max(64);
const words = z.string().max(4096).nullable();
const storedName = z.string().min(1).max(120);

/** A model to start from: a file that the user picked, a model of the models folder by its name, or a run. */
const modelSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), file: grant }),
  z.object({ kind: z.literal('model'), name: storedName }),
  z.object({ kind: z.literal('run'), runId, checkpoint }),
]);
export type ModelSource = z.infer<typeof modelSourceSchema>;

/** A side of a comparison: a model, or the network of a project with its starting weights, if it has some. */
const comparedSourceSchema = z.discriminatedUnion('kind', [
  ...modelSourceSchema.options,
  z.object({
    kind: z.literal('project'),
    project: z.string().max(PROJECT_LIMITS.textLength),
    /** Its name, for messages. */
    name: z.string().min(1).max(200),
  }),
]);
export type ComparedSource = z.infer<typeof comparedSourceSchema>;

/** A model of the models folder. */
const storedModelSchema = z.object({
  name: z.string(),
  /** The built-in network that it was recognized as; null for a file that describes its network. */
  architecture: z.string().nullable(),
  format: z.string(),
  /** Values at the output. */
  outputs: z.number().int(),
  bytes: z.number(),
  sha256: z.string(),
  source: words,
  licence: words,
  addedAt: z.string(),
  /** True: `model.licence` has the text of the licence. */
  hasLicenceText: z.boolean(),
  /** False for a model that comes with NormLab. */
  isRemovable: z.boolean(),
});
export type StoredModelRow = z.infer<typeof storedModelSchema>;

const asked = z.object({
  from: modelSourceSchema,
  importId,
  /** A built-in network, for a file of tensors only; null: recognized. */
  architecture: z.string().max(64).nullable(),
});

/** Calls about models that training can start from. */
export const MODEL_CALLS = {
  'model.list': { params: z.object({}), result: z.array(storedModelSchema) },
  /** Copies a file that the user picked, with the files that it needs, into the models folder. */
  'model.add': {
    params: z.object({
      file: grant,
      importId,
      name: z.string().min(1).max(120).nullable(),
      source: words,
      licence: words,
    }),
    result: storedModelSchema,
  },
  'model.remove': { params: z.object({ name: storedName }), result: z.object({}) },
  /** The licence of a model of the models folder, and its text where it is stored with one. */
  'model.licence': {
    params: z.object({ name: storedName }),
    result: z.object({ name: z.string(), licence: words, text: z.string().nullable() }),
  },
  /** Reads a model and reports how its tensors fit; nothing is written. */
  'model.inspect': { params: asked, result: importReportSchema },
  /**
   * Reads a model as a new project that starts from its weights. The weights are kept in the lab's own folder. Without
   * `partial`, blocks outside the head without a fitting tensor are refused: 'weights-mismatch'.
   */
  'model.import': {
    params: asked.extend({ partial: z.boolean() }),
    result: z.object({ project: z.string().max(PROJECT_LIMITS.textLength), report: importReportSchema }),
  },
  /**
   * Compares two models; nothing is written. Returns when it is done; `modelProgress` events report progress.
   */
  'model.compare': {
    params: z.object({ a: comparedSourceSchema, b: comparedSourceSchema, importId }),
    result: comparisonSchema,
  },
  /** Cancels a call with this id, which then fails with 'interrupted'. */
  'model.cancel': { params: z.object({ importId }), result: z.object({}) },
} as const;
