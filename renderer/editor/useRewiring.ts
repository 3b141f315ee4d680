import type { Ref } from 'vue';
import type { EdgeUpdateEvent } from '@vue-flow/core';
import type { Endpoint } from '#core/document/endpoint.ts';
import { useEditActions } from './editActions.ts';
import { portsOf } from './useConnecting.ts';

/** Taking one end of a wire to another port; dropped in the open, the wire is removed. */
export function useRewiring(isRewiring: Ref<boolean>) {
  const actions = useEditActions();
  let isDone = false;

  function onUpdateStart(): void {
    isRewiring.value = true;
    isDone = false;
  }

  function onUpdate({ edge, connection }: EdgeUpdateEvent): void {
    isDone = true;
    const ports = portsOf(connection);
    if (ports) actions.rewire(edge.id as Endpoint, ports.source, ports.target);
  }

  function onUpdateEnd({ edge }: { edge: { id: string } }): void {
    isRewiring.value = false;
    if (!isDone) actions.disconnect([edge.id as Endpoint]);
  }

  return { onUpdateStart, onUpdate, onUpdateEnd };
}
