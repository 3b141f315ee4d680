import { entriesOf } from '#core/diagnostics/entries.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { Command } from '#core/edit/command.ts';
import { withInputAndClasses } from '#core/rewrites/resizeInput.ts';
import type { InputMismatch } from './inputMatch.ts';

/** The commands that adapt the network of `document` to its images: one for each parameter that has to change. */
export function fitCommands(document: GraphDocument, mismatch: InputMismatch): Command[] {
  const fitted = withInputAndClasses(document, mismatch);
  return entriesOf(fitted.graph.nodes).flatMap(([id, record]) => {
    const before = document.graph.nodes[id]?.params ?? {};
    return Object.entries(record.params)
      .filter(([param, value]) => before[param] !== value)
      .map(([param, value]): Command => ({ type: 'setParam', node: id, param, value }));
  });
}
