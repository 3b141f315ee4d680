import type { GraphDocument } from '../document/schema.ts';
import { commandSchema, type Command } from './command.ts';
import { paste } from './fragment.ts';
import { arrange, moveNodes, rewrite } from './layoutCommands.ts';
import { addNode, removeNodes, replaceNode, setLabel } from './nodeCommands.ts';
import { applyBatchNormPolicy, applyFrozen, applyWhatTrains } from './fineTuningCommands.ts';
import type { Outcome } from './outcome.ts';
import { removeParam, setBatchNormPreset, setParam } from './paramCommands.ts';
import { diffDocuments, type Patch } from './patch.ts';
import { rename, setData, setStart, setTraining } from './settingsCommands.ts';
import { connect, disconnect, insertOnWire } from './wireCommands.ts';
import { refusedValue } from './refusedValue.ts';
import { message, type Message } from '../words/message.ts';

export type EditResult =
  | {
      readonly ok: true;
      readonly document: GraphDocument;
      /** The changes; empty when there are none. `invertPatch` reverses them. */
      readonly patch: Patch;
    }
  | { readonly ok: false; readonly reason: Message };

/**
 * Applies a command completely, or returns why it was refused. The document passed in is never changed. Never throws
 * for a malformed command, whatever its origin.
 */
export function applyCommand(document: GraphDocument, command: Command): EditResult {
  const parsed = commandSchema.safeParse(command, { reportInput: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const problem = refusedValue(issue);
    return {
      ok: false,
      reason: message('edit.notACommand', { place: issue?.path.join('.') ?? '', problem }),
    };
  }
  const outcome = dispatch(document, parsed.data);
  if (!outcome.ok) return outcome;
  return { ...outcome, patch: diffDocuments(document, outcome.document) };
}

function dispatch(document: GraphDocument, command: Command): Outcome {
  switch (command.type) {
    case 'addNode':
      return addNode(document, command);
    case 'removeNodes':
      return removeNodes(document, command);
    case 'replaceNode':
      return replaceNode(document, command);
    case 'setParam':
      return setParam(document, command);
    case 'removeParam':
      return removeParam(document, command);
    case 'setBatchNormPreset':
      return setBatchNormPreset(document, command);
    case 'setWhatTrains':
      return applyWhatTrains(document, command);
    case 'setBatchNormPolicy':
      return applyBatchNormPolicy(document, command);
    case 'setFrozen':
      return applyFrozen(document, command);
    case 'setLabel':
      return setLabel(document, command);
    case 'connect':
      return connect(document, command);
    case 'disconnect':
      return disconnect(document, command);
    case 'insertOnWire':
      return insertOnWire(document, command);
    case 'moveNodes':
      return moveNodes(document, command);
    case 'arrange':
      return arrange(document, command);
    case 'paste':
      return paste(document, command);
    case 'rewrite':
      return rewrite(document, command);
    case 'setTraining':
      return setTraining(document, command);
    case 'setData':
      return setData(document, command);
    case 'setStart':
      return setStart(document, command);
    case 'rename':
      return rename(document, command);
  }
}
