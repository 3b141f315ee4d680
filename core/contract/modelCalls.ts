import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';
import { PROJECT_LIMITS } from '../document/limits.ts';
import { importReportSchema } from './importReport.ts';

const grant = z.string().min(1).max(128).meta({ holds: 'grant' });
const runId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/);
const importId = z.string().min(1).max(64);
const words = z.string().max(4096).nullable();

/** A model to start from: a file that the user picked, a model of the models folder by its name, or a run. */
const modelSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), file: grant }),
  z.object({ kind: z.literal('model'), name: z.string().min(1).max(120) }),
  z.object({ kind: z.literal('run'), runId, checkpoint: z.enum(CHECKPOINT_CHOICES).optional() }),
]);
export type ModelSource = z.infer<typeof modelSourceSchema>;

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
  /** False for a model that came with the installation. */
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
  'model.remove': { params: z.object({ name: z.string().min(1).max(120) }), result: z.object({}) },
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
  /** Cancels a call with this id, which then fails with 'interrupted'. */
  'model.cancel': { params: z.object({ importId }), result: z.object({}) },
} as const;
