import type { GraphDocument } from '#core/document/schema.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Command } from '#core/edit/command.ts';
import { withInputAndClasses } from '#core/rewrites/resizeInput.ts';
import type { InputMismatch } from './inputMatch.ts';

/** The commands that make the network of `document` fit its images: one for each parameter that has to change. */
export function fitCommands(document: GraphDocument, mismatch: InputMismatch): Command[] {
  const fitted = withInputAndClasses(document, mismatch);
  return Object.entries(fitted.graph.nodes).flatMap(([id, record]) => {
    const before = document.graph.nodes[id as NodeId]?.params ?? {};
    return Object.entries(record.params)
      .filter(([param, value]) => before[param] !== value)
      .map(([param, value]): Command => ({ type: 'setParam', node: id as NodeId, param, value }));
  });
}
