import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import type { Augmentation } from '#core/augment/augmentation.ts';
import type { Picture } from '#core/augment/image.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab } from '../../client/useLab.ts';
import { imageScale } from '../folders/normalizationEdits.ts';
import { useSampleRequest } from '../folders/useSampleRequest.ts';
import { useDataStore } from '../folders/dataStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { FetchedSamples } from './fetchedSamples.ts';
import { partnersOf, variantsOf, type Samples } from './variants.ts';

/** Steps through the samples by the golden section of their count, so that neighbours come from different classes. */
const GOLDEN = 0.618033988749895;

interface Shown {
  readonly samples: Samples;
  /** Number of the sample, from 0. */
  readonly sample: number;
  readonly file: string;
  /** The variants of the sample by epoch. */
  readonly variants: readonly Picture[];
}

/**
 * A training sample of the planned run, as `epochs` epochs from `firstEpoch` on will see it; recomputed when anything
 * changes.
 */
export function useSample(augmentation: () => Augmentation, firstEpoch: Ref<number>, epochs: number) {
  const lab = useLab();
  const data = useDataStore();
  const project = useProjectStore();
  const request = useSampleRequest();
  /** Number of the requested sample, from 0. */
  const wanted = ref(0);
  const shown = shallowRef<Shown | null>(null);
  const error = shallowRef<AppErrorData | null>(null);
  /** Number of the run's samples; that of the folder's images until it is known. */
  const count = ref(data.summary?.images ?? 0);
  let fetched: FetchedSamples | null = null;
  let turn = 0;

  const source = computed(() => ({
    request: request.value,
    summary: data.summary,
    sample: wanted.value,
    augmentation: augmentation(),
    seed: project.document.training.seed,
    firstEpoch: firstEpoch.value,
    normalization: project.document.data.normalization,
    channelOrder: project.document.data.channelOrder,
  }));

  async function load(from: FetchedSamples): Promise<void> {
    const asked = source.value;
    try {
      const first = await from.fetch([asked.sample]);
      count.value = first.count;
      const sample = asked.sample % first.count;
      const row = { sample, firstEpoch: asked.firstEpoch, epochs };
      const partners = partnersOf(first, asked.augmentation, asked.seed, row);
      const samples = imageScale(asked, await from.fetch([sample, ...partners]));
      if (source.value !== asked) return;
      const variants = variantsOf(samples, asked.augmentation, asked.seed, row) ?? [];
      shown.value = { samples, sample, file: from.fileOf(sample), variants };
      error.value = null;
    } catch (thrown) {
      if (source.value !== asked) return;
      shown.value = null;
      error.value = toErrorData(thrown);
    }
  }

  watch(
    source,
    (next, before) => {
      const isSame =
        next.summary === before?.summary && JSON.stringify(next.request) === JSON.stringify(fetched?.request);
      if (next.request === null || next.summary === null) fetched = null;
      else if (fetched === null || fetched.isFull || !isSame) fetched = new FetchedSamples(lab, next.request);
      if (fetched === null) shown.value = null;
      else void load(fetched);
    },
    { immediate: true },
  );

  function next(): void {
    turn += 1;
    wanted.value = Math.floor(((turn * GOLDEN) % 1) * (count.value || 1));
  }
  const hasInput = computed(() => (project.report.graph?.inputShape ?? null) !== null);
  return { shown, error, count, wanted, hasInput, next };
}
