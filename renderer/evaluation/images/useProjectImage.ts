import { computed, shallowRef, watch } from 'vue';
import type { ImageRow } from '#core/contract/imageRows.ts';
import { useLab } from '../../client/useLab.ts';
import { useDataStore } from '../../data/folders/dataStore.ts';
import { useImageView } from '../../data/folders/useSampleRequest.ts';
import { useProjectStore } from '../../project/projectStore.ts';

/** What the open project knows of an image, or why it cannot change it. */
export type ProjectImage =
  | { readonly kind: 'known'; readonly row: ImageRow }
  | { readonly kind: 'otherFolder' | 'validationFolder' | 'reading' | 'gone' };

/** The most letters that the lab's filter takes. */
const LONGEST_FILTER = 200;

/**
 * Finds an evaluated image in the training folder of the open project. `folder`: the folder of the evaluation's images,
 * `file` the image's name in it.
 */
export function useProjectImage(image: () => { readonly folder: string; readonly file: string } | null) {
  const lab = useLab();
  const data = useDataStore();
  const project = useProjectStore();
  const view = useImageView();
  const place = useFolderPlace(() => image()?.folder ?? null);
  const found = shallowRef<{ readonly file: string; readonly row: ImageRow | null } | null>(null);
  const wanted = computed(() => {
    const file = image()?.file;
    const folder = data.trainFolder;
    if (place.value !== 'train' || file === undefined || folder === null || data.summary === null)
      return null;
    return { file, folder: folder.grant, view: view.value, edits: project.document.data.edits };
  });

  watch(
    wanted,
    async (asked) => {
      if (asked?.file !== found.value?.file) found.value = null;
      if (asked === null) return;
      const { file, folder } = asked;
      const filter = { text: file.slice(0, LONGEST_FILTER) };
      const page = await lab
        .call('data.images', { folder, view: asked.view, filter, from: 0, count: 200 })
        .catch(() => null);
      if (wanted.value !== asked) return;
      found.value = { file, row: page?.rows.find((row) => row.file === file) ?? null };
    },
    { immediate: true },
  );

  return computed<ProjectImage>(() => {
    if (place.value === null) return { kind: 'reading' };
    if (place.value !== 'train')
      return { kind: place.value === 'other' ? 'otherFolder' : 'validationFolder' };
    if (found.value === null) return { kind: 'reading' };
    const { row } = found.value;
    return row === null || row.place === 'skipped' ? { kind: 'gone' } : { kind: 'known', row };
  });
}

/** Which folder of the open project `folder` is; null while that is not known. A link counts as its target. */
export function useFolderPlace(folder: () => string | null) {
  const lab = useLab();
  const project = useProjectStore();
  /** The targets of paths. */
  const targets = shallowRef<ReadonlyMap<string, string>>(new Map());

  watch(
    () => [project.document.data.trainFolder, project.document.data.validationFolder] as const,
    async (paths) => {
      for (const path of paths) {
        if (path === null || targets.value.has(path)) continue;
        const target = await lab.call('files.grant', { path }).catch(() => null);
        targets.value = new Map(targets.value).set(path, target?.path ?? path);
      }
    },
    { immediate: true },
  );

  return computed(() => {
    const { trainFolder, validationFolder } = project.document.data;
    const wanted = folder();
    const is = (path: string | null): boolean | null => {
      if (path === null || wanted === null) return false;
      if (path === wanted) return true;
      const target = targets.value.get(path);
      return target === undefined ? null : target === wanted;
    };
    if (is(trainFolder) === true) return 'train';
    if (is(validationFolder) === true) return 'validation';
    return is(trainFolder) === null || is(validationFolder) === null ? null : 'other';
  });
}
