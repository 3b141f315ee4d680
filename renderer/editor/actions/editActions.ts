import { arrangeActions } from './arrangeActions.ts';
import { blockActions } from './blockActions.ts';
import { settingActions } from './settingActions.ts';
import { useRunCommands } from './useRunCommands.ts';
import { wireActions } from './wireActions.ts';

/** The user's edits of the project, each as one undo step. A refusal is shown; no edit is applied in part. */
export function useEditActions() {
  const commands = useRunCommands();
  return {
    ...blockActions(commands),
    ...arrangeActions(commands),
    ...wireActions(commands),
    ...settingActions(commands),
  };
}
