import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import { useLab } from '../client/useLab.ts';

type LabDescription = LabResult<'lab.describe'>;

/** The lab host as the screen knows it: whether it is connected, and what engine it has. */
export const useLabStore = defineStore('lab', () => {
  const lab = useLab();
  const description = shallowRef<LabDescription | null>(null);
  const isConnected = computed(() => lab.connection.value.kind === 'open');
  const sampleFolder = computed(() => description.value?.sampleFolder ?? null);
  /** Why only the slow reference backend is there; null when the native one is, or while nothing is known. */
  const engineProblem = computed(() => description.value?.engineProblem ?? null);

  async function describe(): Promise<void> {
    try {
      description.value = await lab.call('lab.describe', {});
    } catch {
      // A connection lost meanwhile asks again when it is back.
    }
  }

  watch(isConnected, (connected) => connected && void describe(), { immediate: true });
  return { connection: lab.connection, description, isConnected, sampleFolder, engineProblem };
});
