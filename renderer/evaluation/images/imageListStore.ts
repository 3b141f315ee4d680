import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { IMAGE_ORDERS } from '#core/evaluation/imageOrders.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';

/** Which list the images view shows: one beside the orders, by its key, else the order of the panel's query. */
export const useImageListStore = defineStore('evaluatedImageList', () => {
  const evaluation = useEvaluationStore();
  const other = shallowRef<string | null>(null);
  const key = computed(() => other.value ?? evaluation.query.order);
  // What another view asks for is in order of the query.
  watch(
    () => evaluation.query,
    () => (other.value = null),
  );

  function choose(wanted: string): void {
    const order = IMAGE_ORDERS.find((name) => name === wanted);
    if (order === undefined) other.value = wanted;
    else if (order === evaluation.query.order) other.value = null;
    else evaluation.query = { ...evaluation.query, order };
  }

  return { key, choose };
});
