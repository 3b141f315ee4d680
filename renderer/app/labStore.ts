import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import { useLab } from '../client/useLab.ts';

type LabDescription = LabResult<'lab.describe'>;

/** State of the lab host on the screen: its connection and its engine. */
export const useLabStore = defineStore('lab', () => {
  const lab = useLab();
  const description = shallowRef<LabDescription | null>(null);
  const isConnected = computed(() => lab.connection.value.kind === 'open');
  const sampleFolder = computed(() => description.value?.sampleFolder ?? null);
  /** Why only the slow reference backend is available; null when the native one is, or while nothing is known. */
  const engineProblem = computed(() => description.value?.engineProblem ?? null);

  async function describe(): Promise<void> {
    try {
      description.value = await lab.call('lab.describe', {});
    } catch {
      // If the connection was lost meanwhile, the next one asks again.
    }
  }

  watch(isConnected, (connected) => connected && void describe(), { immediate: true });
  return { connection: lab.connection, description, isConnected, sampleFolder, engineProblem };
});
