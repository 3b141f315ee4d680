import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { engineCommand } from '#core/contract/engineProblem.ts';
import { useLabStore } from './labStore.ts';

/**
 * Why only the slow reference backend is available, in the user's language, with the command to type; null when the
 * native one is available.
 */
export function useEngineWords() {
  const { t, locale } = useI18n();
  const lab = useLabStore();
  return computed(() => {
    const problem = lab.engineProblem;
    if (problem === null) return null;
    const detail = 'detail' in problem ? problem.detail : undefined;
    const command = engineCommand(problem);
    if (problem.cause !== 'missing-needs')
      return { cause: t(`shell.engine.causes.${problem.cause}`, { ...problem }), detail, command };
    const names = problem.needs.map((need) => t(`shell.engine.needs.${need}`));
    const needs = new Intl.ListFormat(locale.value, { type: 'conjunction' }).format(names);
    return { cause: t('shell.engine.causes.missing-needs', { needs }), detail, command };
  });
}
