import type { Graph, GraphDocument } from '../document/schema.ts';
import type { Message } from '../words/message.ts';

/** A new document, or why the command was refused; a refused command changes nothing. */
export type Outcome =
  { readonly ok: true; readonly document: GraphDocument } | { readonly ok: false; readonly reason: Message };

export function changed(document: GraphDocument): Outcome {
  return { ok: true, document };
}

export function refused(reason: Message): Outcome {
  return { ok: false, reason };
}

export function changedGraph(document: GraphDocument, graph: Graph): Outcome {
  return changed(graph === document.graph ? document : { ...document, graph });
}
