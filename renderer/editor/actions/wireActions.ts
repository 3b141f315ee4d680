import type { Endpoint } from '#core/document/endpoint.ts';
import { canConnect } from '#core/edit/canConnect.ts';
import type { Command } from '#core/edit/command.ts';
import type { Message } from '#core/words/message.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import type { RunCommands } from './useRunCommands.ts';

/** Draws, moves and removes wires. */
export function wireActions({ run }: RunCommands) {
  const project = useProjectStore();

  return {
    /** Why a wire cannot be drawn; null when it can. */
    refusalOf(source: Endpoint, target: Endpoint): Message | null {
      const verdict = canConnect(project.document, source, target, project.report);
      return verdict.ok ? null : verdict.reason;
    },
    connect(from: Endpoint, to: Endpoint): void {
      run('connect', [{ type: 'connect', from, to }]);
    },
    disconnect(wires: readonly Endpoint[]): void {
      run(
        'disconnect',
        wires.map((to): Command => ({ type: 'disconnect', to })),
      );
    },
    /** Moves the wire at `wire` to other ends. */
    rewire(wire: Endpoint, from: Endpoint, to: Endpoint): void {
      const loosened: Command[] = wire === to ? [] : [{ type: 'disconnect', to: wire }];
      run('connect', [...loosened, { type: 'connect', from, to }]);
    },
  };
}
