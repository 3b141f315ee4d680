import { defineStore } from 'pinia';
import { ref } from 'vue';

export type TrainSide = 'run' | 'runs' | 'comparison' | 'plan';

/** The requested view of the Train panel: the selected run, all runs, the comparison of policies, or the plan. */
export const useTrainViewStore = defineStore('trainView', () => {
  const side = ref<TrainSide>('run');
  /** True while the panel shows the plan, or what prevents it; the panel sets this. */
  const isPlanInView = ref(false);
  return { side, isPlanInView };
});
