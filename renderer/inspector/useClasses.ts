import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useDataStore } from '../stores/dataStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';

/** A class to give a setting of its own; the count of its images is null without a folder. */
export interface NamedClass {
  readonly name: string;
  readonly count: number | null;
}

/** The classes of the chosen folder; without one those that the network tells apart, numbered from 1; none without either. */
export function useClasses(): ComputedRef<readonly NamedClass[]> {
  const { t } = useI18n();
  const data = useDataStore();
  const project = useProjectStore();
  return computed(() => {
    if (data.summary !== null) return data.summary.classes;
    const count = project.report.graph?.classes ?? 0;
    return Array.from({ length: count }, (_, at) => ({
      name: t('editor.training.classNumber', { number: at + 1 }),
      count: null,
    }));
  });
}
