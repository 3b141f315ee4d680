import { defaultDataSettings } from './dataSettings.ts';
import { toProjectId } from '../diagnostics/ids.ts';
import { PROJECT_FORMAT, PROJECT_VERSION, type GraphDocument } from './schema.ts';
import { defaultTrainingSettings } from './trainingSettings.ts';

/**
 * An empty project. `id` never changes; without one a random id is drawn, so that two projects with the same name are
 * distinct. Throws `RangeError` for a malformed id.
 */
export function createDocument(name: string, id: string = drawProjectId()): GraphDocument {
  return {
    format: PROJECT_FORMAT,
    version: PROJECT_VERSION,
    id: toProjectId(id),
    name,
    graph: { nodes: {}, wires: {} },
    training: defaultTrainingSettings(),
    data: defaultDataSettings(),
    layout: { positions: {} },
  };
}

/** Copies the project under a new id, so that runs of the original are not taken for runs of the copy. */
export function copyDocument(document: GraphDocument): GraphDocument {
  return { ...document, id: toProjectId(drawProjectId()) };
}

/** Draws 80 random bits. Core has no crypto; ids must be unique, not secret. */
function drawProjectId(): string {
  const digits = Array.from({ length: 16 }, () => Math.floor(Math.random() * 32).toString(32));
  return `p${digits.join('')}`;
}
