import { comparableOf, type Comparable } from '#core/compare/comparable.ts';
import type { ModelFormat } from '#core/import/foreignModel.ts';
import type { Message } from '#core/words/message.ts';
import { readModel, type ReadOptions } from './readModel.ts';
import { readProjectText } from './readProjectModel.ts';
import { sourceName } from './runWeights.ts';

/** A model as one side of a comparison, and where it comes from. */
export interface OpenedModel {
  /** Name of the file or folder; see `sourceName`. */
  readonly name: string;
  readonly format: ModelFormat;
  /** The built-in network that its tensors were recognized as; null for a file that describes its network, or none. */
  readonly architecture: string | null;
  readonly model: Comparable;
  /** What the user should know about how the file was read. */
  readonly notes: readonly Message[];
}

/** A model to compare: what `readModel` reads at a path, or the text of a project. */
export type ModelToCompare =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'project'; readonly name: string; readonly project: string };

/**
 * Reads a model for a comparison. A project without starting weights is a network without values. Throws as
 * `readModel`, `readProjectText` and `comparableOf` do.
 */
export async function openForCompare(given: ModelToCompare, options: ReadOptions): Promise<OpenedModel> {
  const name = given.kind === 'path' ? sourceName(given.path) : given.name;
  const read =
    given.kind === 'path'
      ? await readModel(given.path, { ...options, canLackWeights: true })
      : await readProjectText(given.project, name, [options.weightsFolder]);
  const model = comparableOf(read, name);
  const { format, architecture } =
    model.kind === 'network' ? model.network : { format: read.format, architecture: null };
  return { name, format, architecture, model, notes: read.notes };
}
