import { keysOf } from '#core/diagnostics/entries.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Command } from '#core/edit/command.ts';
import { CARD } from '#core/layout/card.ts';
import type { Box } from '#core/layout/routeGeometry.ts';
import { useCanvasStore } from '../state/canvasStore.ts';
import { useNoticeStore } from '../../app/noticeStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useSelectionStore } from '../state/selectionStore.ts';

export interface RunCommands {
  /** Applies all commands as one undo step, or none and shows the reason; returns true when they were applied. */
  run(label: string, commands: readonly Command[]): boolean;
  /** The same, and selects the added blocks and scrolls them into view. */
  runAndSelect(label: string, commands: readonly Command[]): void;
  nodeIds(): readonly NodeId[];
}

/** The only way from a user action to the document. */
export function useRunCommands(): RunCommands {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const notices = useNoticeStore();
  const canvas = useCanvasStore();

  const nodeIds = (): readonly NodeId[] => keysOf(project.document.graph.nodes);

  function run(label: string, commands: readonly Command[]): boolean {
    const refusal = project.applyAll(label, commands);
    if (refusal !== null) notices.show({ kind: 'warning', text: refusal });
    return refusal === null;
  }

  /** The smallest area around the cards of these blocks; there must be at least one. */
  function areaOf(ids: readonly NodeId[]): Box {
    const { positions } = project.document.layout;
    const xs = ids.map((id) => positions[id]?.x ?? 0);
    const ys = ids.map((id) => positions[id]?.y ?? 0);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return { x, y, width: Math.max(...xs) - x + CARD.width, height: Math.max(...ys) - y + CARD.height };
  }

  function runAndSelect(label: string, commands: readonly Command[]): void {
    const before = new Set(nodeIds());
    if (!run(label, commands)) return;
    const added = nodeIds().filter((id) => !before.has(id));
    if (added.length === 0) return;
    selection.select(added);
    canvas.api?.show(areaOf(added));
  }

  return { run, runAndSelect, nodeIds };
}
