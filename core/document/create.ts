import { defaultDataSettings } from './dataSettings.ts';
import { toProjectId } from '../diagnostics/ids.ts';
import { PROJECT_FORMAT, PROJECT_VERSION, type GraphDocument } from './schema.ts';
import { defaultTrainingSettings } from './trainingSettings.ts';

/**
 * An empty project. `id` stays with the project for life; without one it is drawn anew, so that two projects of one
 * name are told apart. Throws `RangeError` for a malformed id.
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

/** The same project under an id of its own, so that runs of the one are not taken for those of the other. */
export function copyDocument(document: GraphDocument): GraphDocument {
  return { ...document, id: toProjectId(drawProjectId()) };
}

/** 80 random bits; core has no crypto, and ids need to be different, not secret. */
function drawProjectId(): string {
  const digits = Array.from({ length: 16 }, () => Math.floor(Math.random() * 32).toString(32));
  return `p${digits.join('')}`;
}
