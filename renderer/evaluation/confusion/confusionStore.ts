import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ClassOrder } from '#core/evaluation/classOrders.ts';
import type { CellValue } from './confusionMatrix.ts';

/** How the confusion matrix is shown. */
export const useConfusionStore = defineStore('confusion', () => ({
  kind: ref<CellValue>('counts'),
  order: ref<ClassOrder>('name'),
}));
