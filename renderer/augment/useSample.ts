import { computed, ref, shallowRef, watch } from 'vue';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { useLab } from '../client/useLab.ts';
import { useDataStore } from '../stores/dataStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import { fromBase64 } from './fromBase64.ts';
import type { SamplePicture } from './variants.ts';

/** Steps through the pictures so that neighbours come from different classes: the golden section of their count. */
const GOLDEN = 0.618033988749895;

function indexAt(turn: number, images: number): number {
  return Math.floor(((turn * GOLDEN) % 1) * images);
}

/** The picture that the preview shows, at the input size of the network; fetched anew when either changes. */
export function useSample() {
  const lab = useLab();
  const data = useDataStore();
  const project = useProjectStore();
  const turn = ref(0);
  const sample = shallowRef<SamplePicture | null>(null);
  /** Pixels of the next picture, for what mixes two. */
  const partner = shallowRef<Uint8Array>(new Uint8Array());
  const error = shallowRef<AppErrorData | null>(null);

  const input = computed(() => project.report.graph?.inputShape ?? null);
  const wanted = computed(() => {
    const [depth, height, width] = input.value ?? [];
    const channels: 1 | 3 | null = depth === 3 ? 3 : depth === 1 ? 1 : null;
    const folder = data.trainFolder;
    const images = data.summary?.images ?? 0;
    if (folder === null || images === 0 || height === undefined || width === undefined) return null;
    if (channels === null) return null;
    const { resize } = project.document.data;
    const [index, next] = [indexAt(turn.value, images), indexAt(turn.value + 1, images)];
    return { next, request: { folder: folder.grant, index, height, width, channels, resize } };
  });

  async function load(): Promise<void> {
    const asked = wanted.value;
    if (asked === null) {
      sample.value = null;
      return;
    }
    const { request } = asked;
    try {
      const found = await lab.call('data.sample', request);
      const other = await lab.call('data.sample', { ...request, index: asked.next });
      if (wanted.value !== asked) return;
      const { height, width, channels } = request;
      partner.value = fromBase64(other.pixels);
      sample.value = { ...found, pixels: fromBase64(found.pixels), height, width, channels };
      error.value = null;
    } catch (thrown) {
      if (wanted.value !== asked) return;
      sample.value = null;
      error.value = toErrorData(thrown);
    }
  }
  watch(wanted, () => void load(), { immediate: true });

  return {
    sample,
    partner,
    error,
    /** False while no network with an input stands on the canvas. */
    hasInput: computed(() => input.value !== null),
    next: () => {
      turn.value += 1;
    },
  };
}
