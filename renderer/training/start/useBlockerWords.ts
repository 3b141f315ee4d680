import { useI18n } from 'vue-i18n';
import type { StartBlocker } from '../../runs/startBlocker.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useRunStore } from '../../runs/runStore.ts';

/** What prevents a start, as text; reactive where it is called in a computed. */
export function useBlockerWords(): (blocker: StartBlocker) => {
  readonly title: string;
  readonly text: string;
} {
  const { t } = useI18n();
  const project = useProjectStore();
  const runs = useRunStore();

  function textOf(blocker: StartBlocker): string {
    const key = `training.blockers.${blocker}.text`;
    if (blocker === 'graph')
      return t(key, project.report.diagnostics.filter(({ severity }) => severity === 'error').length);
    const other = runs.otherLive;
    return blocker === 'otherRun' && other !== null ? t(key, { name: runs.labelOf(other) }) : t(key);
  }

  return (blocker) => ({ title: t(`training.blockers.${blocker}.title`), text: textOf(blocker) });
}
