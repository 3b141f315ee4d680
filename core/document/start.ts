import { z } from 'zod';
import { LONGEST_NAME } from './limits.ts';

/** Lowercase hexadecimal digits of a SHA-256. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The trained weights that the runs of a project start from; without it, or for a block that the weights do not cover,
 * a run starts from the initializers of the blocks. The weights are a safetensors file with the names of the state
 * layout (`conv1.weights`), beside the project or in the lab's own folder.
 */
export const startSchema = z.strictObject({
  /** Name of the weights file, without a folder. */
  file: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^/\\]+$/),
  /** Of the weights file. */
  sha256,
  /** Name of the file or run that the weights were read from, for display. */
  source: z.string().min(1).max(LONGEST_NAME),
  /** Names of the classes that the weights tell apart, in the order of the outputs; absent where they are not known. */
  classNames: z.array(z.string().max(LONGEST_NAME)).max(65_536).optional(),
  /**
   * True: the user has agreed that blocks other than the head, for which the weights have no value, are initialized.
   */
  partial: z.boolean().optional(),
});
export type StartWeights = z.infer<typeof startSchema>;
