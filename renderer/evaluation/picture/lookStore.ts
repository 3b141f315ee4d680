import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab } from '../../client/useLab.ts';
import { usePictureStore } from './pictureStore.ts';
import type { NetworkInfo } from './pictureSession.ts';
import { spreadSquares, type Squares } from './spreadSquares.ts';
import { readTensor, type Tensor } from './tensorValues.ts';

/** What can be looked at: where the evidence is, the outputs of a block, its kernels. */
export const LOOK_SIDES = ['map', 'features', 'filters'] as const;
export type LookSide = (typeof LOOK_SIDES)[number];

export const MAP_METHODS = ['grad-cam', 'grad-cam++', 'occlusion'] as const;
export type MapMethod = (typeof MAP_METHODS)[number];

type BlockInfo = NetworkInfo['blocks'][number];

type MapView =
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | {
      readonly kind: 'ready';
      /** Resolution of the block; of an occlusion, that of the input. */
      readonly map: Tensor;
      /** The logit that was differentiated, or the probability of the uncovered picture. */
      readonly value: number | null;
      readonly elapsedMs: number;
    }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** What a map depends on. */
interface Wanted {
  readonly pictureId: string;
  readonly class: number;
  readonly method: MapMethod;
  readonly block: string;
  /** The covering square; null for maps of a block. */
  readonly covers: Squares | null;
}

/** What the network looked at: the heat map of a class, and which block's outputs or kernels are shown. */
export const useLookStore = defineStore('look', () => {
  const picture = usePictureStore();
  const side = shallowRef<LookSide>('map');
  const method = shallowRef<MapMethod>('grad-cam');
  const { blocks, block, chosen, isReplaced, hasBlock } = useLookedBlock(side);
  const { covering, cover } = useCovering();
  const answerTo = useMaps();
  const view = shallowRef<MapView>({ kind: 'none' });

  /** What the map depends on; null where there is nothing to explain. */
  const wanted = computed((): Wanted | null => {
    const [pictureId, explained] = [picture.shown?.pictureId, picture.explained];
    if (pictureId === undefined || explained === null || !picture.isShown) return null;
    const covers = method.value === 'occlusion' ? { ...covering.value } : null;
    if (covers === null && block.value === null) return null;
    return { pictureId, class: explained, method: method.value, block: block.value?.block ?? '', covers };
  });
  const isWanted = (asked: Wanted): boolean => JSON.stringify(asked) === JSON.stringify(wanted.value);

  async function compute(): Promise<void> {
    const asked = wanted.value;
    if (asked === null) return;
    view.value = { kind: 'working' };
    try {
      const { map, value, elapsedMs } = await picture.network.keep(() => answerTo(asked));
      if (isWanted(asked))
        view.value = {
          kind: 'ready',
          map: mapOf(readTensor(map), asked.covers, picture.info),
          value,
          elapsedMs,
        };
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (!isWanted(asked)) return;
      view.value = error.code === 'interrupted' ? { kind: 'none' } : { kind: 'failed', error };
    }
  }

  // Covering takes a while: it begins when the user asks for it.
  watch(
    () => (side.value === 'map' && wanted.value !== null ? JSON.stringify(wanted.value) : null),
    (now) => {
      picture.cancel('occlude');
      view.value = { kind: 'none' };
      if (now !== null && method.value !== 'occlusion') void compute();
    },
  );

  return { side, method, chosen, block, blocks, isReplaced, hasBlock, covering, cover, view, compute };
});

/** The function that computes a map by the lab. */
function useMaps() {
  const lab = useLab();
  const picture = usePictureStore();
  return async function answerTo({ pictureId, method: how, block: at, class: of, covers }: Wanted) {
    const { sessionId } = picture.network;
    const common = { sessionId, pictureId, class: of };
    if (how === 'occlusion') {
      const found = await picture.tasks.during('occlude', (taskId) =>
        lab.call('picture.occlude', {
          ...common,
          taskId,
          size: covers?.size ?? 1,
          stride: covers?.stride ?? 1,
        }),
      );
      return { ...found, value: found.probability };
    }
    const found = await lab.call('picture.map', { ...common, method: how, block: at });
    return { ...found, value: found.logit };
  };
}

/** Which block is looked at: the chosen one where it has something of that side. */
function useLookedBlock(side: { readonly value: LookSide }) {
  const picture = usePictureStore();
  const chosen = shallowRef<string | null>(null);
  const all = computed(() => picture.info?.blocks ?? []);
  const blocks = computed(() => all.value.filter((each) => fits(each, side.value)));
  const block = computed(
    () => blocks.value.find((each) => each.block === chosen.value) ?? firstChoice(blocks.value, side.value),
  );
  return {
    ...{ blocks, block, chosen },
    /** True where the chosen block has nothing of the chosen side, so that another one is shown. */
    isReplaced: computed(() => chosen.value !== null && block.value?.block !== chosen.value),
    /** True for a block of the network that pictures are tried on. */
    hasBlock: (id: string): boolean => all.value.some((each) => each.block === id),
  };
}

/** The last feature map before the classifier; of kernels the first: they see the picture itself. */
function firstChoice(blocks: readonly BlockInfo[], side: LookSide): BlockInfo | null {
  const mapped = side === 'features' ? blocks.filter(({ hasMap }) => hasMap) : blocks;
  const at = side === 'filters' ? 0 : -1;
  return mapped.at(at) ?? blocks.at(at) ?? null;
}

/** The map of an occlusion at the resolution of the input; another one as it is. */
function mapOf(map: Tensor, covers: Squares | null, info: NetworkInfo | null): Tensor {
  const { height = 1, width = 1 } = info?.input ?? {};
  return covers === null ? map : spreadSquares(map, covers, height, width);
}

function fits({ hasMap, filters }: BlockInfo, side: LookSide): boolean {
  if (side === 'map') return hasMap;
  return side === 'features' || filters !== null;
}

/** Size and stride of the covering square: a fifth and a tenth of the picture until the user chooses. */
function useCovering() {
  const picture = usePictureStore();
  const given = shallowRef<{ size?: number; stride?: number }>({});
  const covering = computed(() => {
    const { height = 1, width = 1 } = picture.info?.input ?? {};
    const size = given.value.size ?? Math.max(1, Math.round(Math.min(height, width) / 5));
    return { size, stride: given.value.stride ?? Math.max(1, Math.round(size / 2)) };
  });
  const cover = (change: { size?: number; stride?: number }): void => {
    given.value = { ...given.value, ...change };
  };
  return { covering, cover };
}
