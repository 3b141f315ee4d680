import type { Ref } from 'vue';
import type { EdgeMouseEvent, EdgeUpdateEvent } from '@vue-flow/core';
import { isEndpoint } from '#core/document/endpoint.ts';
import { useEditActions } from '../actions/editActions.ts';
import type { Position } from '#core/document/schema.ts';
import { portsOf } from './useConnecting.ts';

const CLICK_SLIP_PX = 8;

/** Moving one end of a wire to another port; dropped on empty canvas, the wire is removed. */
export function useRewiring(isRewiring: Ref<boolean>) {
  const actions = useEditActions();
  let isDone = false;
  let start: Position | null = null;

  const pointOf = ({ event }: EdgeMouseEvent): Position | null =>
    'clientX' in event ? { x: event.clientX, y: event.clientY } : null;

  function onUpdateStart(grabbed: EdgeMouseEvent): void {
    isRewiring.value = true;
    isDone = false;
    start = pointOf(grabbed);
  }

  function onUpdate({ edge, connection }: EdgeUpdateEvent): void {
    isDone = true;
    const ports = portsOf(connection);
    if (ports && isEndpoint(edge.id)) actions.rewire(edge.id, ports.source, ports.target);
  }

  /** A click on the end of a wire selects the wire and moves nothing. */
  function onUpdateEnd(dropped: EdgeMouseEvent): void {
    isRewiring.value = false;
    const end = pointOf(dropped);
    const isDragged = start && end && Math.hypot(end.x - start.x, end.y - start.y) > CLICK_SLIP_PX;
    if (!isDone && isDragged && isEndpoint(dropped.edge.id)) actions.disconnect([dropped.edge.id]);
  }

  return { onUpdateStart, onUpdate, onUpdateEnd };
}
