import path from 'node:path';
import { comparableOf, type Comparable } from '#core/compare/comparable.ts';
import type { ModelFormat } from '#core/import/foreignModel.ts';
import type { Message } from '#core/words/message.ts';
import { readModel, type ReadOptions } from './readModel.ts';

/** A model as one side of a comparison, and where it comes from. */
export interface OpenedModel {
  /** Name of the file or folder. */
  readonly name: string;
  readonly format: ModelFormat;
  /** The built-in network that its tensors were recognized as; null for a file that describes its network, or none. */
  readonly architecture: string | null;
  readonly model: Comparable;
  /** What the user should know about how the file was read. */
  readonly notes: readonly Message[];
}

/** Reads the model at a path for a comparison. Throws as `readModel` and `comparableOf` do. */
export async function openForCompare(given: string, options: ReadOptions): Promise<OpenedModel> {
  const name = path.basename(given);
  const read = await readModel(given, options);
  const model = comparableOf(read, name);
  const { format, architecture } =
    model.kind === 'network' ? model.network : { format: read.format, architecture: null };
  return { name, format, architecture, model, notes: read.notes };
}
