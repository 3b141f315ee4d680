import { arrangeActions } from './arrangeActions.ts';
import { blockActions } from './blockActions.ts';
import { settingActions } from './settingActions.ts';
import { useRunCommands } from './useRunCommands.ts';
import { wireActions } from './wireActions.ts';

/** What the user can do to the project, each as one undo step. A refusal is shown; nothing is half done. */
export function useEditActions() {
  const commands = useRunCommands();
  return {
    ...blockActions(commands),
    ...arrangeActions(commands),
    ...wireActions(commands),
    ...settingActions(commands),
  };
}
