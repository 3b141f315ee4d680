import type { Endpoint } from '#core/document/endpoint.ts';
import type { Position } from '#core/document/schema.ts';
import type { Command } from '#core/edit/command.ts';
import { copyFragment } from '#core/edit/fragment.ts';
import { CARD, PITCH } from '#core/layout/card.ts';
import { useCanvasStore } from '../state/canvasStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useSelectionStore } from '../state/selectionStore.ts';
import { freePlace, freePlaceOffWires } from './freePlace.ts';
import { commandsAfter, commandsAtPort, commandsOnWire, lowestOf } from './placing.ts';
import type { RunCommands } from './useRunCommands.ts';

/** The top-left corner of a card whose middle is at `middle`. */
function corner(middle: Position): Position {
  return { x: Math.round(middle.x - CARD.width / 2), y: Math.round(middle.y - CARD.height / 2) };
}

/** Adds blocks: new ones and copies. Added blocks are selected and scrolled into view. */
export function blockActions({ run, runAndSelect }: RunCommands) {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const canvas = useCanvasStore();
  const selectedText = (): string => copyFragment(project.document, [...selection.nodes]);

  /** A block without wires: at the pointer or in the middle of the visible canvas, not on another card. */
  function addFree(kind: string): void {
    const wanted = corner(canvas.api?.pointer() ?? { x: CARD.width / 2, y: CARD.height / 2 });
    const room = canvas.api?.room() ?? { view: null, covered: [] };
    const position = freePlaceOffWires(project.document, wanted, room);
    runAndSelect('addNode', [{ type: 'addNode', kind, position }]);
  }

  /**
   * Commands that insert a block after the selection; null without a selection, or when the block cannot be inserted
   * into the selected wire.
   */
  function behindSelection(kind: string): Command[] | null {
    const block = lowestOf(project.document, selection.nodes);
    if (block !== null) return commandsAfter(project.document, block, kind);
    const [wire] = selection.wires;
    return wire === undefined ? null : commandsOnWire(project.document, wire, kind);
  }

  return {
    /** After the selection, connected to its wires; without a selection, without wires. */
    add(kind: string): void {
      const commands = behindSelection(kind);
      if (commands) runAndSelect('addNode', commands);
      else addFree(kind);
    },
    addAt(kind: string, middle: Position): void {
      const position = freePlace(project.document, corner(middle));
      runAndSelect('addNode', [{ type: 'addNode', kind, position }]);
    },
    /** The first blocks of an empty network. */
    addInputAndOutput(): void {
      run('addNode', [
        { type: 'addNode', kind: 'input', position: { x: 0, y: 0 } },
        { type: 'addNode', kind: 'output', position: { x: 0, y: 2 * PITCH.y } },
      ]);
    },
    /** At the drop position if there is space for a card, else under the block that feeds the wire. */
    insertOnWire(kind: string, wire: Endpoint, middle: Position): void {
      const position = corner(middle);
      const free = freePlace(project.document, position);
      const isRoomy = free.x === position.x && free.y === position.y;
      const spread = isRoomy ? null : commandsOnWire(project.document, wire, kind);
      runAndSelect('insertOnWire', spread ?? [{ type: 'insertOnWire', wire, kind, position }]);
    },
    /** A new block at the loose end of a wire drawn from `from`. */
    addAtPort(kind: string, from: { port: Endpoint; side: 'in' | 'out' }, at: Position): void {
      runAndSelect('addNode', commandsAtPort(project.document, kind, from, at));
    },
    /** The selected blocks as text; null without any. */
    copyText: (): string | null => (selection.nodes.size > 0 ? selectedText() : null),
    paste(text: string, at: Position | null): void {
      runAndSelect('paste', [{ type: 'paste', text, at, keepIncoming: false }]);
    },
    duplicate(): void {
      runAndSelect('paste', [{ type: 'paste', text: selectedText(), at: null, keepIncoming: false }]);
    },
  };
}
