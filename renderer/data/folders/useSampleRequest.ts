import { computed } from 'vue';
import type { ImageView } from '#core/contract/imageRows.ts';
import { resizeOf } from '#core/document/dataSettings.ts';
import { useDataStore } from './dataStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';

/**
 * The settings that determine the side of each image, and whether validation has a folder of its own. The object stays
 * the same while none of them changes, so that moving a block requests no images.
 */
export function useImageView() {
  const data = useDataStore();
  const project = useProjectStore();
  return computed<ImageView>((former) => {
    const { edits, crossValidation, validationFraction, groups } = project.document.data;
    const hasOwn = data.validation.kind !== 'none';
    const view: ImageView = {
      edits,
      crossValidation: hasOwn ? null : crossValidation,
      validationFraction: hasOwn ? null : validationFraction,
      groups: hasOwn ? null : groups,
      seed: project.document.training.seed,
    };
    return former !== undefined && isSame(former, view) ? former : view;
  });
}

function isSame(a: ImageView, b: ImageView): boolean {
  const { crossValidation: fold } = a;
  return (
    a.edits === b.edits &&
    fold?.fold === b.crossValidation?.fold &&
    fold?.folds === b.crossValidation?.folds &&
    a.validationFraction === b.validationFraction &&
    a.groups === b.groups &&
    a.seed === b.seed
  );
}

/** The common fields of all requests for images at the network's input size; null without a folder or an input. */
export function useSampleRequest() {
  const data = useDataStore();
  const project = useProjectStore();
  const view = useImageView();
  return computed(() => {
    const [depth, height, width] = project.report.graph?.inputShape ?? [];
    const channels: 1 | 3 | null = depth === 3 ? 3 : depth === 1 ? 1 : null;
    const folder = data.trainFolder?.grant;
    if (folder === undefined || channels === null || height === undefined || width === undefined) return null;
    return { folder, view: view.value, height, width, channels, ...resizeOf(project.document.data) };
  });
}
