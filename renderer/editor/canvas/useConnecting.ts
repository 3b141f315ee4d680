import { onScopeDispose, ref, shallowRef } from 'vue';
import type { Connection, OnConnectStartParams } from '@vue-flow/core';
import { endpoint, type Endpoint } from '#core/document/endpoint.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { Position } from '#core/document/schema.ts';
import type { Message } from '#core/words/message.ts';
import { useCanvasStore } from '../state/canvasStore.ts';
import { useEditActions } from '../actions/editActions.ts';

/** Why the dragged wire is refused at the pointer's position. */
export interface Refusal {
  readonly reason: Message;
  readonly screen: Position;
}

/** The two ports of a connection that Vue Flow reports, or null when one end is missing. */
export function portsOf(connection: Connection): { source: Endpoint; target: Endpoint } | null {
  const { source, sourceHandle, target, targetHandle } = connection;
  if (!sourceHandle || !targetHandle) return null;
  return {
    source: endpoint(toNodeId(source), sourceHandle),
    target: endpoint(toNodeId(target), targetHandle),
  };
}

/** Drawing a wire: which connections are refused and why, and the result of the drop. */
export function useConnecting() {
  const canvas = useCanvasStore();
  const actions = useEditActions();
  const start = shallowRef<{ port: Endpoint; side: 'in' | 'out' } | null>(null);
  const refusal = shallowRef<Refusal | null>(null);
  const isRewiring = ref(false);
  let isDone = false;
  let pointer: Position = { x: 0, y: 0 };

  // Runs before Vue Flow's own listener, which calls `isValid` again when a port is near.
  function follow(event: MouseEvent): void {
    pointer = { x: event.clientX, y: event.clientY };
    if (start.value || isRewiring.value) refusal.value = null;
  }
  window.addEventListener('mousemove', follow, { capture: true });
  onScopeDispose(() => window.removeEventListener('mousemove', follow, { capture: true }));

  /** Vue Flow calls this for existing wires too, which must not be refused. */
  function isValid(connection: Connection): boolean {
    if (!start.value && !isRewiring.value) return true;
    const ports = portsOf(connection);
    const reason = ports && actions.refusalOf(ports.source, ports.target);
    refusal.value = reason ? { reason, screen: pointer } : null;
    return !reason;
  }

  function onStart({ nodeId, handleId, handleType }: OnConnectStartParams): void {
    if (!nodeId || !handleId) return;
    isDone = false;
    start.value = {
      port: endpoint(toNodeId(nodeId), handleId),
      side: handleType === 'source' ? 'out' : 'in',
    };
  }

  function onConnect(connection: Connection): void {
    isDone = true;
    const ports = portsOf(connection);
    if (ports) actions.connect(ports.source, ports.target);
  }

  /** A wire dropped on empty canvas opens the search palette to choose a block. */
  function onEnd(event: MouseEvent | undefined): void {
    const from = start.value;
    start.value = null;
    refusal.value = null;
    const isOnPane = event?.target instanceof Element && event.target.matches('.vue-flow__pane');
    if (!from || isDone || !isOnPane || isRewiring.value || !canvas.api) return;
    const screen = { x: event.clientX, y: event.clientY };
    canvas.search = { screen, at: canvas.api.toCanvas(screen), from };
  }

  return { refusal, start, isRewiring, isValid, onStart, onConnect, onEnd };
}
