import type { Endpoint } from '#core/document/endpoint.ts';
import type { Position } from '#core/document/schema.ts';
import { copyFragment } from '#core/edit/fragment.ts';
import { CARD, PITCH } from '#core/graph/graphBuilder.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import { useSelectionStore } from '../stores/selectionStore.ts';
import { commandsAfter, commandsAtPort, freePlace } from './placing.ts';
import type { RunCommands } from './useRunCommands.ts';

/** The top-left corner of a card whose middle is at `middle`. */
function corner(middle: Position): Position {
  return { x: Math.round(middle.x - CARD.width / 2), y: Math.round(middle.y - CARD.height / 2) };
}

/** Adding blocks: new ones and copies. What was added is selected. */
export function blockActions({ run, runAndSelect }: RunCommands) {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const selectedText = (): string => copyFragment(project.document, [...selection.nodes]);

  return {
    addAt(kind: string, middle: Position): void {
      const position = freePlace(project.document, corner(middle));
      runAndSelect('addNode', [{ type: 'addNode', kind, position }]);
    },
    /** Behind the selected block, in its wires; else at the end of the network. */
    addAfterSelection(kind: string): void {
      runAndSelect('addNode', commandsAfter(project.document, selection.single, kind));
    },
    /** What an empty network begins with. */
    addInputAndOutput(): void {
      run('addNode', [
        { type: 'addNode', kind: 'input', position: { x: 0, y: 0 } },
        { type: 'addNode', kind: 'output', position: { x: 0, y: 2 * PITCH.y } },
      ]);
    },
    insertOnWire(kind: string, wire: Endpoint, middle: Position): void {
      runAndSelect('insertOnWire', [{ type: 'insertOnWire', wire, kind, position: corner(middle) }]);
    },
    /** A new block at the loose end of a wire drawn from `from`. */
    addAtPort(kind: string, from: { port: Endpoint; side: 'in' | 'out' }, at: Position): void {
      runAndSelect('addNode', commandsAtPort(project.document, kind, from, at));
    },
    /** The selected blocks as text; null when none is. */
    copyText: (): string | null => (selection.nodes.size > 0 ? selectedText() : null),
    paste(text: string, at: Position | null): void {
      runAndSelect('paste', [{ type: 'paste', text, at, keepIncoming: false }]);
    },
    duplicate(): void {
      runAndSelect('paste', [{ type: 'paste', text: selectedText(), at: null, keepIncoming: false }]);
    },
  };
}
