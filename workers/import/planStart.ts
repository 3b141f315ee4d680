import { open, stat } from 'node:fs/promises';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { LENGTH_BYTES, readHeader } from '#core/export/safetensorsHeader.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { checkStart } from '#core/import/checkStart.ts';
import type { ForeignTensor } from '#core/import/foreignModel.ts';
import { matchTensors, ownNaming } from '#core/import/matchTensors.ts';
import { slotsOf } from '#core/import/slots.ts';
import type { Message } from '#core/words/message.ts';
import { locateStart } from './locateStart.ts';
import { sha256OfFile } from './writeWeights.ts';

interface PlanStartRequest {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  /** Classes of the training images. */
  readonly classes: readonly string[];
  /** Folders in which the starting weights may be. */
  readonly folders: readonly string[];
}

/**
 * What a run would take from the starting weights of its project, without reading a tensor; empty where it has none.
 * Throws `AppError` as `locateStart` and `checkStart` do.
 */
export async function planStart(request: PlanStartRequest): Promise<readonly Message[]> {
  const { document, graph, classes, folders } = request;
  const { start, training } = document;
  if (start === undefined) return [];
  const file = await locateStart(start, folders, knownHash);
  const slots = slotsOf(graph, training);
  const match = matchTensors(await describedTensors(file), slots, ownNaming(slots));
  return checkStart(match, {
    ...{ graph: document.graph, slots, classes, source: start.source },
    partial: start.partial === true,
    weightsClasses: start.classNames ?? null,
  }).notes;
}

/** SHA-256 by path, size and time of the last change: a plan is made at every edit of a project. */
const hashes = new Map<string, string>();

async function knownHash(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const key = JSON.stringify([file, size, mtimeMs]);
  const known = hashes.get(key) ?? (await sha256OfFile(file));
  hashes.set(key, known);
  return known;
}

/** The tensors of a weights file by its header alone; reading one is a bug of the caller. */
async function describedTensors(file: string): Promise<readonly ForeignTensor[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const length = Buffer.alloc(LENGTH_BYTES);
    await handle.read(length, 0, LENGTH_BYTES, 0);
    const head = Buffer.alloc(Math.min(size, LENGTH_BYTES + Number(length.readBigUInt64LE())));
    await handle.read(head, 0, head.length, 0);
    return readHeader(head, size).entries.map(({ name, shape }) => ({
      ...{ name, dims: shape, dtype: 'f32' as const },
      read: () => {
        throw new InvariantError(`values of ${name} in a plan`);
      },
    }));
  } finally {
    await handle.close();
  }
}
