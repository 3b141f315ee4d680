import { readonly, shallowRef, type Ref } from 'vue';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { shellBridge, type FileGrant, type SaveTarget } from '../client/shellBridge.ts';

/** A request to the picker. */
export type PickRequest =
  | { readonly kind: 'folder'; readonly title: string; readonly hint?: string | undefined }
  | { readonly kind: 'open' }
  | { readonly kind: 'model' | 'image'; readonly title: string; readonly hint?: string | undefined }
  | { readonly kind: 'save'; readonly suggestedName: string };

/** What the user picked. */
export type Picked =
  | { readonly kind: 'folder' | 'open' | 'model' | 'image'; readonly file: FileGrant }
  | {
      readonly kind: 'save';
      readonly folder: FileGrant;
      readonly name: string;
      /** True: the user was told that a file of this name exists, and confirmed. */
      readonly overwrite: boolean;
    };

const request = shallowRef<PickRequest | null>(null);
let answer: ((picked: Picked | null) => void) | null = null;

/** For FileDialog.vue alone: the request that it shows, and the function that answers it. */
export function useFileDialogRequest(): {
  readonly request: Readonly<Ref<PickRequest | null>>;
  settle(picked: Picked | null): void;
} {
  return { request: readonly(request), settle };
}

/**
 * Lets the user choose a folder, in the system's dialog or in the app's own, which shows `hint`; null when they
 * cancelled.
 */
export async function pickFolder(title: string, hint?: string): Promise<FileGrant | null> {
  const shell = shellBridge();
  if (shell !== null) return shell.pickFolder(title);
  const picked = await ask({ kind: 'folder', title, hint });
  return picked?.kind === 'folder' ? picked.file : null;
}

/** Lets the user choose a project file to open. */
export async function pickProject(): Promise<FileGrant | null> {
  const shell = shellBridge();
  if (shell !== null) return shell.pickProject();
  const picked = await ask({ kind: 'open' });
  return picked?.kind === 'open' ? picked.file : null;
}

/** Lets the user choose a file of trained weights, or a project that starts from some; `hint` as in `pickFolder`. */
export async function pickModel(title: string, hint?: string): Promise<FileGrant | null> {
  const shell = shellBridge();
  if (shell !== null) return shell.pickModel(title);
  const picked = await ask({ kind: 'model', title, hint });
  return picked?.kind === 'model' ? picked.file : null;
}

/** Lets the user choose an image file. */
export async function pickImage(title: string): Promise<FileGrant | null> {
  const shell = shellBridge();
  if (shell !== null) return shell.pickImage(title);
  const picked = await ask({ kind: 'image', title });
  return picked?.kind === 'image' ? picked.file : null;
}

/** The destination of a project: a `target` of `project.save`, and the path and name of its file. */
interface PickedSave {
  readonly target: SaveTarget;
  readonly path: string;
  readonly name: string;
}

/** Lets the user choose where a project is saved. */
export async function saveProjectAs(suggestedName: string): Promise<PickedSave | null> {
  const shell = shellBridge();
  if (shell !== null) {
    const file = await shell.pickSave(suggestedName);
    return file === null ? null : { target: { file: file.grant }, path: file.path, name: file.name };
  }
  const picked = await ask({ kind: 'save', suggestedName });
  if (picked?.kind !== 'save') return null;
  const { folder, name, overwrite } = picked;
  return { target: { folder: folder.grant, name, overwrite }, path: pathIn(folder.path, name), name };
}

/** The path of a project file in a folder, as the host will build it. */
function pathIn(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  const full = name.endsWith(PROJECT_EXTENSION) ? name : `${name}${PROJECT_EXTENSION}`;
  return folder.endsWith(separator) ? `${folder}${full}` : `${folder}${separator}${full}`;
}

function ask(next: PickRequest): Promise<Picked | null> {
  settle(null);
  request.value = next;
  return new Promise((resolve) => {
    answer = resolve;
  });
}

function settle(picked: Picked | null): void {
  request.value = null;
  answer?.(picked);
  answer = null;
}
