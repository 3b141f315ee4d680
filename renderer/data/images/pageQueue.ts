/** Fetches pages of rows, one at a time; a page that is no longer visible when its turn comes is not requested. */
interface PageQueue {
  /** Requests the missing rows from `from` to `to` - 1, in place of the previous request. */
  need(from: number, to: number): void;
  /** Drops the loaded pages; the visible ones are requested again. */
  restart(): void;
}

/** `fetch` must not reject; a failed page is not requested again until a restart. */
export function createPageQueue(pageSize: number, fetch: (page: number) => Promise<void>): PageQueue {
  let asked = new Set<number>();
  let inSight = { from: 0, to: 1 };
  let isBusy = false;

  function nextPage(): number | null {
    for (let page = Math.floor(inSight.from / pageSize); page * pageSize < inSight.to; page += 1)
      if (!asked.has(page)) return page;
    return null;
  }

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let page = nextPage(); page !== null; page = nextPage()) {
      asked.add(page);
      await fetch(page);
    }
    isBusy = false;
  }

  return {
    need: (from, to) => {
      inSight = { from, to };
      void work();
    },
    restart: () => {
      asked = new Set();
      void work();
    },
  };
}
