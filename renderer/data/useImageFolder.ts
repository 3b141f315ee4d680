import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { FileGrant } from '../client/shellBridge.ts';
import type { Lab } from '../client/useLab.ts';
import { pathOf, withProgress, type FolderState } from './folderState.ts';

export interface ImageFolder {
  readonly state: Readonly<ShallowRef<FolderState>>;
  readonly folder: ComputedRef<FileGrant | null>;
  /** Remembers the host's grant of a path, so that the project's naming of it need not be asked for again. */
  adopt(folder: FileGrant): void;
  /** Scans again; does nothing without a folder. */
  rescan(): void;
  cancel(): void;
}

/** Follows the folder that the project names: asks for it, scans it, tells how far the scan is. Late answers are dropped. */
export function useImageFolder(lab: Lab, path: () => string | null): ImageFolder {
  const state = shallowRef<FolderState>({ kind: 'none' });
  const granted = new Map<string, FileGrant>();
  const scanned = new Map<string, FolderState>();
  let turn = 0;

  async function open(wanted: string | null): Promise<void> {
    if (wanted === pathOf(state.value)) return;
    cancel();
    turn += 1;
    const mine = turn;
    if (wanted === null) {
      state.value = { kind: 'none' };
      return;
    }
    const known = scanned.get(wanted);
    if (known !== undefined) {
      state.value = known;
      return;
    }
    state.value = { kind: 'opening', path: wanted };
    try {
      const folder = granted.get(wanted) ?? (await lab.call('files.grant', { path: wanted }));
      // A link is granted as the folder behind it; the project's own word for it stays.
      if (mine === turn) await scan({ ...folder, path: wanted });
    } catch (thrown) {
      if (mine === turn) state.value = { kind: 'lost', path: wanted, error: toErrorData(thrown) };
    }
  }

  async function scan(folder: FileGrant): Promise<void> {
    turn += 1;
    const mine = turn;
    const scanId = crypto.randomUUID();
    scanned.delete(folder.path);
    state.value = { kind: 'scanning', folder, scanId, done: 0, total: null };
    try {
      const { summary } = await lab.call('data.scan', { folder: folder.grant, scanId });
      const ready: FolderState = { kind: 'ready', folder, summary };
      scanned.set(folder.path, ready);
      if (mine === turn) state.value = ready;
    } catch (thrown) {
      if (mine === turn) state.value = { kind: 'failed', folder, error: toErrorData(thrown) };
    }
  }

  function cancel(): void {
    if (state.value.kind !== 'scanning') return;
    lab.call('data.cancelScan', { scanId: state.value.scanId }).catch(() => undefined);
  }

  const folder = computed(() => ('folder' in state.value ? state.value.folder : null));
  lab.on('dataProgress', (progress) => {
    state.value = withProgress(state.value, progress);
  });
  watch(path, (wanted) => void open(wanted), { immediate: true });

  return {
    state,
    folder,
    adopt: (next) => {
      granted.set(next.path, next);
      if (pathOf(state.value) === next.path) void scan(next);
    },
    rescan: () => {
      if (folder.value !== null) void scan(folder.value);
    },
    cancel,
  };
}
