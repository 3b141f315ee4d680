import { defineStore } from 'pinia';
import { ref } from 'vue';

export type TrainSide = 'run' | 'runs' | 'plan';

/** Which side of the Train panel was asked for: the run in view, all runs, or what a start would do. */
export const useTrainViewStore = defineStore('trainView', () => {
  const side = ref<TrainSide>('run');
  /** The plan, or what stands in its way, is what the panel shows now: the panel itself says so. */
  const isPlanInView = ref(false);
  return { side, isPlanInView };
});
