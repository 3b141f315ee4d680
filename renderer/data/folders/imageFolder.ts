import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { FolderReading } from '#core/contract/folderReading.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { FileGrant } from '../../client/shellBridge.ts';
import type { Lab } from '../../client/useLab.ts';
import { readingKey } from './folderReading.ts';
import { pathOf, withProgress, type FolderState } from './folderState.ts';

/**
 * Follows the folder that the project names: requests it, scans it, reports the progress. Outdated answers are dropped.
 */
export class ImageFolder {
  readonly state: ShallowRef<FolderState> = shallowRef({ kind: 'none' });
  readonly folder: ComputedRef<FileGrant | null> = computed(() =>
    'folder' in this.state.value ? this.state.value.folder : null,
  );
  readonly #lab: Lab;
  readonly #granted = new Map<string, FileGrant>();
  readonly #scanned = new Map<string, FolderState>();
  #reading: FolderReading | null = null;
  /** Number of the newest request; the answer to an older one changes nothing. */
  #turn = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
    lab.on('dataProgress', (progress) => {
      this.state.value = withProgress(this.state.value, progress);
    });
  }

  /**
   * Stores the host's grant of a path, so that it need not be requested when the project names the path; rescans the
   * folder if it is open.
   */
  adopt(folder: FileGrant): void {
    this.#granted.set(folder.path, folder);
    if (pathOf(this.state.value) === folder.path) void this.#scan(folder);
  }

  /**
   * Sets `path` as the folder that the project names; null for none. `reading` is how to read it: a changed one
   * rescans the folder.
   */
  async open(path: string | null, reading: FolderReading | null = null): Promise<void> {
    const isOther = path !== pathOf(this.state.value);
    if (!isOther && keyOf(reading) === keyOf(this.#reading)) return;
    this.cancel();
    this.#reading = reading;
    const { folder } = this;
    if (!isOther && folder.value !== null) return this.#scan(folder.value);
    this.#turn += 1;
    const mine = this.#turn;
    const known = path === null ? ({ kind: 'none' } as const) : this.#scanned.get(path + keyOf(reading));
    this.state.value = known ?? { kind: 'opening', path: path ?? '' };
    if (known !== undefined || path === null) return;
    try {
      const folder = this.#granted.get(path) ?? (await this.#lab.call('files.grant', { path }));
      // A link is granted as its target folder; the project keeps the name of the link.
      if (mine === this.#turn) await this.#scan({ ...folder, path });
    } catch (thrown) {
      if (mine === this.#turn) this.state.value = { kind: 'lost', path, error: toErrorData(thrown) };
    }
  }

  /** Scans again; does nothing without a folder. */
  rescan(): void {
    if (this.folder.value !== null) void this.#scan(this.folder.value);
  }

  cancel(): void {
    if (this.state.value.kind !== 'scanning') return;
    const { scanId } = this.state.value;
    this.#lab.call('data.cancelScan', { scanId }).catch(() => undefined);
  }

  async #scan(folder: FileGrant): Promise<void> {
    this.#turn += 1;
    const mine = this.#turn;
    const scanId = crypto.randomUUID();
    const reading = this.#reading;
    const key = folder.path + keyOf(reading);
    this.#scanned.delete(key);
    this.state.value = { kind: 'scanning', folder, scanId, done: 0, total: null };
    try {
      const { summary, changes } = await this.#lab.call('data.scan', {
        folder: folder.grant,
        scanId,
        ...(reading === null ? {} : { reading }),
      });
      const ready: FolderState = { kind: 'ready', folder, summary, changes };
      this.#scanned.set(key, ready);
      if (mine === this.#turn) this.state.value = ready;
    } catch (thrown) {
      if (mine === this.#turn) this.#fail(folder, thrown);
    }
  }

  #fail(folder: FileGrant, thrown: unknown): void {
    const error = toErrorData(thrown);
    const isForgotten = error.code === 'grant-unknown';
    if (isForgotten) this.#granted.delete(folder.path);
    // A restarted host does not know earlier grants: the folder must be chosen again.
    this.state.value = isForgotten
      ? { kind: 'lost', path: folder.path, error }
      : { kind: 'failed', folder, error };
  }
}

function keyOf(reading: FolderReading | null): string {
  return reading === null ? '' : readingKey(reading);
}
