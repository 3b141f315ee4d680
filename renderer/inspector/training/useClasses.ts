import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useLab } from '../../client/useLab.ts';
import { useImageView } from '../../data/folders/useSampleRequest.ts';
import { useDataStore } from '../../data/folders/dataStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';

/** A class that can have a setting of its own; its number of training images is null while unknown. */
interface NamedClass {
  readonly name: string;
  readonly count: number | null;
}

/** The classes of a run; without a folder those of the network's output, numbered from 1; none without either. */
export function useClasses(): ComputedRef<readonly NamedClass[]> {
  const { t } = useI18n();
  const project = useProjectStore();
  const ofFolder = useFolderClasses();
  return computed(() => {
    if (ofFolder.value !== null) return ofFolder.value;
    const count = project.report.graph?.classes ?? 0;
    return Array.from({ length: count }, (_, at) => ({
      name: t('editor.training.classNumber', { number: at + 1 }),
      count: null,
    }));
  });
}

/** The classes of the chosen folder after the project's edits, as a run would have them; null without a folder. */
export function useFolderClasses(): ComputedRef<readonly NamedClass[] | null> {
  const data = useDataStore();
  const counted = useCounted();
  return computed(
    () => counted.value ?? data.summary?.classes.map(({ name }) => ({ name, count: null })) ?? null,
  );
}

function useCounted() {
  const lab = useLab();
  const data = useDataStore();
  const view = useImageView();
  const counted = shallowRef<readonly NamedClass[] | null>(null);
  const source = computed(() => ({
    folder: data.summary === null ? null : (data.trainFolder?.grant ?? null),
    view: view.value,
  }));
  watch(
    source,
    async (wanted) => {
      const { folder } = wanted;
      if (folder === null) {
        counted.value = null;
        return;
      }
      // The names stay visible until the answer comes; outdated counts must not be used to fill in weights.
      counted.value = counted.value?.map(({ name }) => ({ name, count: null })) ?? null;
      const found = await lab.call('data.trainingClasses', { folder, view: wanted.view }).catch(() => null);
      if (source.value === wanted) counted.value = found;
    },
    { immediate: true },
  );
  return counted;
}
