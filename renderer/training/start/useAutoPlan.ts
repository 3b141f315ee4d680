import { onActivated, onBeforeUnmount, onDeactivated, onMounted, watch } from 'vue';
import { useDataStore } from '../../data/folders/dataStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useRunStore } from '../../runs/runStore.ts';

/** Delay after the last change before the host is asked, so that typing a number asks once. */
const REST_MS = 300;

/**
 * Keeps the plan up to date while the surrounding component is shown: requests a new one when the project, its folders
 * or the connection change.
 */
export function useAutoPlan(): void {
  const store = useRunStore();
  const project = useProjectStore();
  const data = useDataStore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** False while another tab hides the panel, which stays mounted. */
  let isShown = true;

  function ask(delayMs: number): void {
    clearTimeout(timer);
    if (isShown && store.actions.canStart) timer = setTimeout(() => void store.plan(), delayMs);
  }

  onMounted(() => ask(0));
  onActivated(() => {
    if (isShown) return;
    isShown = true;
    ask(0);
  });
  onDeactivated(() => {
    isShown = false;
  });
  onBeforeUnmount(() => clearTimeout(timer));
  watch(
    () => [
      project.document.graph,
      project.document.training,
      project.document.data,
      data.train,
      data.validation,
      store.blocker,
    ],
    () => ask(REST_MS),
  );
}
