import { endpoint } from '../document/endpoint.ts';
import type { GraphDocument } from '../document/schema.ts';
import { withoutWire, withWire } from '../rewrites/graphEdits.ts';
import { inputPortsOf, nodeOf, sourceOf } from '../graph/lookup.ts';
import { findDefinition } from '../nodes/registry.ts';
import { titleOf } from '../nodes/terms.ts';
import { wireRefusal } from './canConnect.ts';
import type { CommandOf } from './command.ts';
import { placeNode } from './nodeCommands.ts';
import { changed, changedGraph, refused, type Outcome } from './outcome.ts';
import { message } from '../words/message.ts';

/** Adds a wire. Shapes are not checked here: `canConnect` does so before, diagnostics after. */
export function connect(document: GraphDocument, { from, to }: CommandOf<'connect'>): Outcome {
  const refusal = wireRefusal(document.graph, from, to);
  if (refusal !== null) return refused(refusal);
  if (sourceOf(document.graph, to) === from) return changed(document);
  return changedGraph(document, withWire(document.graph, to, from));
}

/** Removes a wire, even one that leads nowhere. */
export function disconnect(document: GraphDocument, { to }: CommandOf<'disconnect'>): Outcome {
  if (sourceOf(document.graph, to) === undefined) return refused(message('edit.noWire', { port: to }));
  return changedGraph(document, withoutWire(document.graph, to));
}

/** Inserts a new block into a wire, at the block's first input. */
export function insertOnWire(document: GraphDocument, command: CommandOf<'insertOnWire'>): Outcome {
  const source = sourceOf(document.graph, command.wire);
  if (source === undefined) return refused(message('edit.noWire', { port: command.wire }));
  const placed = placeNode(document, command);
  if ('reason' in placed) return refused(placed.reason);
  const { id } = placed;
  const record = nodeOf(placed.document.graph, id);
  const definition = record && findDefinition(record.kind);
  const port = inputPortsOf(placed.document.graph, id)[0];
  if (!definition || port === undefined || !definition.outputPorts.includes('out')) {
    return refused(message('edit.notInWire', { title: definition ? titleOf(definition) : command.kind }));
  }
  const fed = withWire(placed.document.graph, endpoint(id, port), source);
  return changedGraph(placed.document, withWire(fed, command.wire, endpoint(id, 'out')));
}
