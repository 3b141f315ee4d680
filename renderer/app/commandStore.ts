import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { belongsToTextField } from './keys.ts';

type CommandGroup = 'file' | 'edit' | 'insert' | 'network' | 'view' | 'training';

/** An action of the user, listed in the command palette. */
export interface AppCommand {
  /** Stable name, used by test ids and key tables. */
  readonly id: string;
  readonly group: CommandGroup;
  /** The title in the current language. */
  title(): string;
  /** Keys in the form of `keysOf`; the first one is shown. */
  readonly keys?: readonly string[];
  /** `canvas`: its keys work only while the canvas has the focus (single letters, arrows). */
  readonly scope?: 'everywhere' | 'canvas';
  /** The browser's own event runs it (copy, cut, paste): the keys are shown but not handled here. */
  readonly isNative?: boolean;
  isEnabled?(): boolean;
  run(): void | Promise<void>;
}

/** All commands, and the lookup of the command for a key press. */
export const useCommandStore = defineStore('commands', () => {
  const commands = shallowRef<readonly AppCommand[]>([]);
  const byId = computed(() => new Map(commands.value.map((command) => [command.id, command])));
  const byKeys = computed(() => {
    const table = new Map<string, AppCommand>();
    for (const command of commands.value.filter((candidate) => !candidate.isNative))
      for (const keys of command.keys ?? []) table.set(keys, command);
    return table;
  });

  /** Adds commands; commands with the same id are replaced, so that a component can be mounted again. */
  function register(added: readonly AppCommand[]): void {
    const ids = new Set(added.map((command) => command.id));
    commands.value = [...commands.value.filter((command) => !ids.has(command.id)), ...added];
  }

  const isEnabled = (command: AppCommand): boolean => command.isEnabled?.() ?? true;

  function run(id: string): void | Promise<void> {
    const command = byId.value.get(id);
    if (command && isEnabled(command)) return command.run();
  }

  /** The command for `keys` in the present focus; null when they have none or belong to the focused text field. */
  function commandFor(keys: string, focus: 'text' | 'canvas' | 'elsewhere'): AppCommand | null {
    if (focus === 'text' && belongsToTextField(keys)) return null;
    const command = byKeys.value.get(keys);
    if (!command || (command.scope === 'canvas' && focus !== 'canvas')) return null;
    return command;
  }

  const keysFor = (id: string): string | undefined => byId.value.get(id)?.keys?.[0];

  return { commands, register, run, isEnabled, commandFor, keysFor };
});
