import type { DataSummary, ScanChanges } from '#core/contract/dataSummary.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { FileGrant } from '../../client/shellBridge.ts';

/** What is known of one image folder of the project. */
export type FolderState =
  | { readonly kind: 'none' }
  /** The project names a folder and the host is asked for it. */
  | { readonly kind: 'opening'; readonly path: string }
  /** It cannot be opened again by itself: the user must choose it. */
  | { readonly kind: 'lost'; readonly path: string; readonly error: AppErrorData }
  | {
      readonly kind: 'scanning';
      readonly folder: FileGrant;
      readonly scanId: string;
      readonly done: number;
      /** Null while unknown. */
      readonly total: number | null;
    }
  | {
      readonly kind: 'ready';
      readonly folder: FileGrant;
      readonly summary: DataSummary;
      /** What this scan found different from the one before; null: nothing, or a first look. */
      readonly changes: ScanChanges | null;
    }
  | { readonly kind: 'failed'; readonly folder: FileGrant; readonly error: AppErrorData };

/** The path that the state is about; null for none. */
export function pathOf(state: FolderState): string | null {
  if (state.kind === 'none') return null;
  return 'folder' in state ? state.folder.path : state.path;
}

/** The state after a progress event; those of another scan change nothing. */
export function withProgress(
  state: FolderState,
  progress: { readonly scanId: string; readonly done: number; readonly total: number | null },
): FolderState {
  if (state.kind !== 'scanning' || state.scanId !== progress.scanId) return state;
  return { ...state, done: Math.max(state.done, progress.done), total: progress.total };
}
