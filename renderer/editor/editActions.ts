import { splitEndpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { QuickFix } from '#core/diagnostics/diagnostic.ts';
import type { NodeId } from '#core/document/ids.ts';
import type { ParamValue, Position } from '#core/document/schema.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { canConnect } from '#core/edit/canConnect.ts';
import type { Command } from '#core/edit/command.ts';
import { copyFragment } from '#core/edit/fragment.ts';
import { CARD, PITCH } from '#core/graph/graphBuilder.ts';
import type { RewriteName } from '#core/graph/rewrites.ts';
import type { BatchNormPresetName } from '#core/nodes/batchNormPresets.ts';
import { useNoticeStore } from '../stores/noticeStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import { useSelectionStore } from '../stores/selectionStore.ts';
import { commandsAfter, commandsAtPort } from './placing.ts';

/** What the user can do to the network, each as one undo step. A refusal is shown; nothing is half done. */
export function useEditActions() {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const notices = useNoticeStore();

  const nodeIds = (): readonly NodeId[] => Object.keys(project.document.graph.nodes) as NodeId[];

  function run(label: string, commands: readonly Command[]): boolean {
    const refusal = project.applyAll(label, commands);
    if (refusal !== null) notices.show({ kind: 'warning', text: refusal });
    return refusal === null;
  }

  /** Runs commands and selects the blocks that they added. */
  function runAndSelect(label: string, commands: readonly Command[]): void {
    const before = new Set(nodeIds());
    if (!run(label, commands)) return;
    const added = nodeIds().filter((id) => !before.has(id));
    if (added.length > 0) selection.select(added);
  }

  /** The top-left corner of a card whose middle is at `middle`. */
  const corner = (middle: Position): Position => ({
    x: Math.round(middle.x - CARD.width / 2),
    y: Math.round(middle.y - CARD.height / 2),
  });

  return {
    addAt(kind: string, middle: Position): void {
      runAndSelect('addNode', [{ type: 'addNode', kind, position: corner(middle) }]);
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
    replaceSelected(kind: string): void {
      if (selection.single) run('replaceNode', [{ type: 'replaceNode', node: selection.single, kind }]);
    },
    removeSelection(): void {
      const nodes = [...selection.nodes];
      const isLeft = (wire: Endpoint): boolean => !selection.nodes.has(splitEndpoint(wire).node);
      const wires = [...selection.wires].filter(isLeft);
      run('removeNodes', [
        ...wires.map((to) => ({ type: 'disconnect' as const, to })),
        ...(nodes.length > 0 ? [{ type: 'removeNodes' as const, nodes, reconnect: true }] : []),
      ]);
    },
    /** The selected blocks as text; null when none is. */
    copyText(): string | null {
      return selection.nodes.size > 0 ? copyFragment(project.document, [...selection.nodes]) : null;
    },
    paste(text: string, at: Position | null, keepIncoming = false): void {
      runAndSelect('paste', [{ type: 'paste', text, at, keepIncoming }]);
    },
    duplicate(): void {
      const text = copyFragment(project.document, [...selection.nodes]);
      runAndSelect('paste', [{ type: 'paste', text, at: null, keepIncoming: false }]);
    },
    selectAll(): void {
      selection.select(nodeIds(), Object.keys(project.document.graph.wires) as Endpoint[]);
    },
    /** `wiring` are commands that belong to the same drag. */
    moveBlocks(
      positions: Readonly<Record<NodeId, Position>>,
      wiring: readonly Command[] | null = null,
    ): void {
      run('moveNodes', [{ type: 'moveNodes', positions }, ...(wiring ?? [])]);
    },
    nudge(dx: number, dy: number): void {
      const { positions } = project.document.layout;
      const moved = [...selection.nodes].map((id) => {
        const { x, y } = positions[id] ?? { x: 0, y: 0 };
        return [id, { x: x + dx, y: y + dy }];
      });
      if (moved.length > 0) run('moveNodes', [{ type: 'moveNodes', positions: Object.fromEntries(moved) }]);
    },
    arrange(): void {
      run('arrange', [{ type: 'arrange', direction: 'down' }]);
    },
    rewrite(rewrite: RewriteName): void {
      run('rewrite', [{ type: 'rewrite', rewrite }]);
    },
    /** Why a wire cannot be drawn; null when it can. */
    refusalOf(source: Endpoint, target: Endpoint): string | null {
      const verdict = canConnect(project.document, source, target, project.report);
      return verdict.ok ? null : verdict.reason;
    },
    connect(from: Endpoint, to: Endpoint): void {
      run('connect', [{ type: 'connect', from, to }]);
    },
    disconnect(wires: readonly Endpoint[]): void {
      run(
        'disconnect',
        wires.map((to) => ({ type: 'disconnect', to })),
      );
    },
    /** Takes the wire at `wire` to other ends. */
    rewire(wire: Endpoint, from: Endpoint, to: Endpoint): void {
      const loosened: Command[] = wire === to ? [] : [{ type: 'disconnect', to: wire }];
      run('connect', [...loosened, { type: 'connect', from, to }]);
    },
    setParam(nodes: readonly NodeId[], param: string, value: ParamValue): void {
      run(
        'setParam',
        nodes.map((node) => ({ type: 'setParam', node, param, value })),
      );
    },
    setPreset(nodes: readonly NodeId[], preset: BatchNormPresetName): void {
      run('setBatchNormPreset', [{ type: 'setBatchNormPreset', nodes: [...nodes], preset }]);
    },
    rename(node: NodeId, label: string): void {
      run('setLabel', [{ type: 'setLabel', node, label }]);
    },
    /** Refused for an empty name, which the field itself says. */
    renameProject(name: string): void {
      project.apply({ type: 'rename', name });
    },
    setTraining(values: Partial<TrainingSettings>): void {
      run('setTraining', [{ type: 'setTraining', values }]);
    },
    applyFix({ nodeId, param, value }: QuickFix): void {
      run('setParam', [{ type: 'setParam', node: nodeId, param, value }]);
    },
  };
}
