import { shallowRef } from 'vue';
import type { NodeDragEvent } from '@vue-flow/core';
import type { Endpoint } from '#core/document/endpoint.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { carriesBlock, droppedKind } from '../palette/dragBlock.ts';
import { useCanvasStore } from '../state/canvasStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useEditActions } from '../actions/editActions.ts';
import { wireAt } from './flowGraph.ts';
import { commandsIntoWire } from '../actions/placing.ts';

/**
 * Dropping blocks: from the palette onto the canvas or a wire, and moved blocks, which can be dropped on a wire too.
 */
export function useBlockDrop() {
  const canvas = useCanvasStore();
  const project = useProjectStore();
  const actions = useEditActions();
  /** The wire into which a block would be inserted if it were dropped now. */
  const dropTarget = shallowRef<Endpoint | null>(null);

  function onDragOver(event: DragEvent): void {
    if (!carriesBlock(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    dropTarget.value = wireAt({ x: event.clientX, y: event.clientY });
  }

  function onDragLeave(): void {
    dropTarget.value = null;
  }

  function onDrop(event: DragEvent): void {
    const kind = droppedKind(event);
    dropTarget.value = null;
    if (!kind || !canvas.api) return;
    event.preventDefault();
    const screen = { x: event.clientX, y: event.clientY };
    const wire = wireAt(screen);
    if (wire) actions.insertOnWire(kind, wire, canvas.api.toCanvas(screen));
    else actions.addAt(kind, canvas.api.toCanvas(screen));
    canvas.api.focus();
  }

  const pointOf = ({ event }: NodeDragEvent) =>
    'clientX' in event ? { x: event.clientX, y: event.clientY } : null;

  function wireForMoved(drag: NodeDragEvent): Endpoint | null {
    const point = pointOf(drag);
    const wire = drag.nodes.length === 1 && point ? wireAt(point) : null;
    return wire && commandsIntoWire(project.document, toNodeId(drag.node.id), wire) ? wire : null;
  }

  function onNodeDrag(drag: NodeDragEvent): void {
    dropTarget.value = wireForMoved(drag);
  }

  /** The whole drag is one undo step: the new positions, and the wire on which one of the blocks was dropped. */
  function onNodeDragStop(drag: NodeDragEvent): void {
    const wire = wireForMoved(drag);
    dropTarget.value = null;
    const positions = Object.fromEntries(
      drag.nodes.map(({ id, position }) => [id, { x: Math.round(position.x), y: Math.round(position.y) }]),
    );
    actions.moveBlocks(positions, wire && commandsIntoWire(project.document, toNodeId(drag.node.id), wire));
  }

  return { dropTarget, onDragOver, onDragLeave, onDrop, onNodeDrag, onNodeDragStop };
}
