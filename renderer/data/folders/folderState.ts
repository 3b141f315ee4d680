import type { DataSummary, ScanChanges } from '#core/contract/dataSummary.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { FileGrant } from '../../client/shellBridge.ts';

/** The state of one image folder of the project. */
export type FolderState =
  | { readonly kind: 'none' }
  /** The project names a folder, and the host has been asked for it. */
  | { readonly kind: 'opening'; readonly path: string }
  /** It cannot be reopened automatically: the user must choose it. */
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
      /** The differences between this scan and the previous one; null: none, or a first scan. */
      readonly changes: ScanChanges | null;
    }
  | { readonly kind: 'failed'; readonly folder: FileGrant; readonly error: AppErrorData };

/** The path of the folder in this state; null for none. */
export function pathOf(state: FolderState): string | null {
  if (state.kind === 'none') return null;
  return 'folder' in state ? state.folder.path : state.path;
}

/** The state after a progress event; events of another scan change nothing. */
export function withProgress(
  state: FolderState,
  progress: { readonly scanId: string; readonly done: number; readonly total: number | null },
): FolderState {
  if (state.kind !== 'scanning' || state.scanId !== progress.scanId) return state;
  return { ...state, done: Math.max(state.done, progress.done), total: progress.total };
}
