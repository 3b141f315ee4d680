import path from 'node:path';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { checkStart, type StartValues } from '#core/import/checkStart.ts';
import { importOnto } from '#core/import/importModel.ts';
import { classNamesOf } from '#core/import/ownFile.ts';
import { slotsOf } from '#core/import/slots.ts';
import { locateStart } from './locateStart.ts';
import { readModel } from './readModel.ts';
import { sourceName } from './runWeights.ts';

export interface StartRequest {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  /** Classes of the training images. */
  readonly classes: readonly string[];
  /** A model file, project or run to start from; null: the starting weights of the project. */
  readonly from: string | null;
  /** True: also tensors outside the head may be initialized. */
  readonly partial: boolean;
  /** Folders in which the project's starting weights may be; the lab's own is the last. */
  readonly folders: readonly string[];
}

/** What a run starts from. */
export interface RunStart extends StartValues {
  /** Name of the file or run, for display. */
  readonly source: string;
  /** Its absolute path. */
  readonly path: string;
  readonly partial: boolean;
}

/**
 * The values that a run takes from trained weights; null for a run that starts from initialized weights. Throws
 * `AppError` as `readModel`, `locateStart` and `checkStart` do.
 */
export async function readStart(request: StartRequest): Promise<RunStart | null> {
  const { document, graph, classes, folders } = request;
  const { start, training } = document;
  if (request.from === null && start === undefined) return null;
  const found = request.from ?? (start === undefined ? '' : await locateStart(start, folders));
  const full = path.resolve(found);
  const source = request.from === null ? (start?.source ?? '') : sourceName(full);
  const partial = request.partial || (request.from === null && start?.partial === true);
  const model = await readModel(full, { weightsFolder: folders.at(-1) ?? '' });
  const weightsClasses = request.from === null ? (start?.classNames ?? null) : classNamesOf(model);
  const values = checkStart(importOnto(model, { document, graph }), {
    ...{ graph: document.graph, slots: slotsOf(graph, training), source, partial, weightsClasses, classes },
  });
  return { ...values, source, path: full, partial };
}
