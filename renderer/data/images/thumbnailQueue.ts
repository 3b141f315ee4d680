import { shallowReactive } from 'vue';

/** Number of thumbnails kept; the least recently loaded are dropped first. */
const KEPT = 4000;

/**
 * Loads thumbnails of the items in sight in batches of `batch`, one batch at a time; an item that is no longer in sight
 * when its turn comes is not requested. `draw` gives the data URLs of those items that can be drawn; a batch that fails
 * counts as one of which nothing can be drawn.
 */
export function createThumbnailQueue<K>(
  batch: number,
  draw: (items: readonly K[]) => Promise<ReadonlyMap<K, string>>,
) {
  const loaded = shallowReactive(new Map<K, string | null>());
  let wanted: readonly K[] = [];
  let isBusy = false;
  /** Counts the calls of `clear`: what was requested before one is not stored. */
  let turn = 0;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let items = nextItems(); items.length > 0; items = nextItems()) await load(items);
    isBusy = false;
  }

  function nextItems(): K[] {
    return wanted.filter((item) => !loaded.has(item)).slice(0, batch);
  }

  async function load(items: readonly K[]): Promise<void> {
    const mine = turn;
    const found = await draw(items).catch(() => new Map<K, string>());
    if (mine !== turn) return;
    for (const item of items) loaded.set(item, found.get(item) ?? null);
    for (const item of loaded.keys()) {
      if (loaded.size <= KEPT) return;
      loaded.delete(item);
    }
  }

  return {
    /** Sets the items in sight. */
    show: (items: readonly K[]): void => {
      wanted = items;
      void work();
    },
    clear: (): void => {
      turn += 1;
      loaded.clear();
    },
    /** A data URL; null for an item that cannot be drawn, undefined until it is loaded. */
    urlOf: (item: K): string | null | undefined => loaded.get(item),
  };
}
