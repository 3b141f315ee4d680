import { computed, shallowRef, type ComputedRef, type Ref } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';

type Listing = LabResult<'files.list'>;
export type FileEntry = Listing['entries'][number];

/** The last folder of the picker, where it opens next time. */
let lastFolder: string | null = null;

/** A folder's contents as the host lists them, and navigation to other folders. */
export function useFolderListing(lab: Lab): {
  readonly listing: Ref<Listing | null>;
  readonly error: Ref<AppErrorData | null>;
  readonly isLoading: ComputedRef<boolean>;
  /** Lists a granted folder; null lists the roots. */
  go(folder: string | null): Promise<void>;
  /** Lists a folder by its typed path. */
  goTo(path: string): Promise<void>;
  /** Opens the last folder of the picker, or the roots. */
  begin(): Promise<void>;
} {
  const listing = shallowRef<Listing | null>(null);
  const error = shallowRef<AppErrorData | null>(null);
  const loading = shallowRef(0);
  let turn = 0;

  async function show(find: () => Promise<string | null>): Promise<boolean> {
    turn += 1;
    const mine = turn;
    loading.value += 1;
    try {
      const next = await lab.call('files.list', { folder: await find() });
      if (mine !== turn) return true;
      listing.value = next;
      error.value = null;
      lastFolder = next.folder?.grant ?? null;
      return true;
    } catch (thrown) {
      if (mine === turn) error.value = toErrorData(thrown);
      return false;
    } finally {
      loading.value -= 1;
    }
  }

  return {
    listing,
    error,
    isLoading: computed(() => loading.value > 0),
    go: async (folder) => void (await show(async () => folder)),
    goTo: async (path) => void (await show(async () => (await lab.call('files.grant', { path })).grant)),
    begin: async () => {
      if (await show(async () => lastFolder)) return;
      await show(async () => null);
    },
  };
}
