import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useProjectStore } from '../../project/projectStore.ts';
import { blockViews } from './blockView.ts';

/** The contents of the active project's cards, by block. */
export const useBlockViewStore = defineStore('blockViews', () => {
  const project = useProjectStore();
  const views = computed<ReturnType<typeof blockViews>>((former) =>
    blockViews(project.document.graph, project.report, former),
  );
  return { views };
});
