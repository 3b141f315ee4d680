import { onActivated, onBeforeUnmount, onDeactivated, onMounted, watch } from 'vue';
import { useDataStore } from '../../data/folders/dataStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useRunStore } from '../../runs/runStore.ts';

/** Rest after the last change before the host is asked, so that typing a number asks once. */
const REST_MS = 300;

/**
 * Keeps the plan true while the surrounding component is shown: asks anew when the project, its folders or the
 * connection change.
 */
export function useAutoPlan(): void {
  const store = useRunStore();
  const project = useProjectStore();
  const data = useDataStore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** False while the dock keeps the panel alive behind another tab. */
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
