/** A path that the user chose, as the lab host names it. */
export interface FileGrant {
  readonly grant: string;
  readonly path: string;
  readonly name: string;
}

/** Where a project is to be saved: a file of its own, or a name in a folder. */
export type SaveTarget =
  | { readonly file: string; readonly version?: string | undefined }
  | { readonly folder: string; readonly name: string; readonly overwrite: boolean };

/** The API that Electron's preload exposes as `window.normlabShell`; absent in a browser. */
interface ShellBridge {
  /** The system's folder dialog; null when the user closed it. */
  pickFolder(title: string): Promise<FileGrant | null>;
  /** The system's dialog for opening a project. */
  pickProject(): Promise<FileGrant | null>;
  /** The system's dialog for opening a model: a file of trained weights or a project. */
  pickModel(title: string): Promise<FileGrant | null>;
  /** The system's dialog for opening an image. */
  pickImage(title: string): Promise<FileGrant | null>;
  /** The system's save dialog; returns a grant for the file, which need not exist yet. */
  pickSave(suggestedName: string): Promise<FileGrant | null>;
  /** A grant for a folder that was dropped onto the page; null for a file object without a path. */
  grantDropped?(file: File): Promise<FileGrant | null>;
  /** Asks the main process to post a port to the lab host. */
  requestLabPort?(): void;
  /** Asks the main process to start a lab host that was given up. */
  restartLab?(): void;
}

declare global {
  interface Window {
    normlabShell?: ShellBridge;
  }
}

/** The shell around this page, or null in a browser. */
export function shellBridge(): ShellBridge | null {
  return window.normlabShell ?? null;
}
