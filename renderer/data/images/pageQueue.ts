/** Fetches pages of rows, one at a time; what has been scrolled past by the time its turn comes is not asked for. */
interface PageQueue {
  /** Asks for the rows from `from` to `to` - 1 that are not there yet, instead of those asked for before. */
  need(from: number, to: number): void;
  /** Forgets which pages are there; those in sight are asked for anew. */
  restart(): void;
}

/** `fetch` must not reject; a page that fails is not asked for again until a restart. */
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
