import { shallowReactive, shallowRef, watch } from 'vue';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { createPageQueue } from '../../data/images/pageQueue.ts';
import type { Tensor } from './tensorValues.ts';

/** Number of channels per request. */
const PAGE = 32;

/** Some of the channels of a block: `channels[i]` is channel `from + i`. */
interface ChannelPage {
  readonly total: number;
  readonly channels: readonly Tensor[];
}

/**
 * Channels of a block, requested page by page as they become visible. `key` names what they belong to: all are
 * requested again when it changes, and none while it is null.
 */
export function useChannelPages(
  key: () => string | null,
  fetch: (from: number, count: number) => Promise<ChannelPage>,
) {
  const total = shallowRef<number | null>(null);
  const error = shallowRef<AppErrorData | null>(null);
  const channels = shallowReactive(new Map<number, Tensor>());

  async function fetchPage(page: number): Promise<void> {
    const asked = key();
    if (asked === null) return;
    try {
      const found = await fetch(page * PAGE, PAGE);
      if (key() !== asked) return;
      total.value = found.total;
      found.channels.forEach((channel, at) => channels.set(page * PAGE + at, channel));
    } catch (thrown) {
      if (key() === asked) error.value = toErrorData(thrown);
    }
  }

  const pages = createPageQueue(PAGE, fetchPage);
  watch(
    key,
    () => {
      channels.clear();
      [total.value, error.value] = [null, null];
      pages.need(0, 1);
      pages.restart();
    },
    { immediate: true },
  );
  return { total, channels, error, need: pages.need };
}
