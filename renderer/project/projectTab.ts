import { PROJECT_EXTENSION, type GraphDocument } from '#core/document/schema.ts';
import type { Command } from '#core/edit/command.ts';
import { beginGesture, commitGesture, edit, type EditState } from '#core/edit/history.ts';
import { diffDocuments } from '#core/edit/patch.ts';
import type { Message } from '#core/words/message.ts';

/** A file that the lab host permits to write, as `project.open` and `project.save` return it. */
export interface ProjectFile {
  readonly grant: string;
  readonly path: string;
  readonly name: string;
  /** Version of the content that was last read or written here; absent where it is not known. */
  readonly version?: string | undefined;
}

/** One open project: plain data, replaced as a whole at each change. */
export interface ProjectTab {
  /** Identifies the tab; a project may be open twice. */
  readonly key: string;
  readonly edit: EditState;
  readonly file: ProjectFile | null;
  /** The document in the file, or the initial one; null when there is neither (recovered work). */
  readonly saved: GraphDocument | null;
  readonly name: string;
  readonly isDirty: boolean;
}

/** A newly opened tab. Changes are relative to `saved`; `edit` has the document. */
export function openTab(
  key: string,
  edit: EditState,
  file: ProjectFile | null,
  saved: GraphDocument | null,
): ProjectTab {
  return settled({ key, edit, file, saved, name: '', isDirty: false });
}

/** The tab after an edit. */
export function withEdit(tab: ProjectTab, edit: EditState): ProjectTab {
  return edit === tab.edit ? tab : settled({ ...tab, edit });
}

/**
 * The tab after several commands, which are one undo step, or part of the open gesture. Applies all of them, or none
 * and returns the reason of the first refusal.
 */
export function withCommands(
  tab: ProjectTab,
  label: string,
  commands: readonly Command[],
): { readonly tab: ProjectTab; readonly refusal: Message | null } {
  const isOpen = tab.edit.gesture !== null;
  let state = isOpen ? tab.edit : beginGesture(tab.edit, label);
  for (const command of commands) {
    const result = edit(state, command);
    if (result.refusal !== null) return { tab, refusal: result.refusal };
    ({ state } = result);
  }
  return { tab: withEdit(tab, isOpen ? state : commitGesture(state)), refusal: null };
}

/**
 * The tab after `document` was written to `file`; edits made meanwhile stay unsaved. The undo history is kept. A
 * project that is still named `formerName` takes the written name; a copy that was written under an id of its own gives
 * the tab that id.
 */
export function withSaved(
  tab: ProjectTab,
  document: GraphDocument,
  file: ProjectFile,
  formerName = document.name,
): ProjectTab {
  const edit = commitGesture(tab.edit);
  const isRenamed = edit.document.name === formerName && formerName !== document.name;
  const changes = {
    ...(isRenamed ? { name: document.name } : {}),
    ...(edit.document.id === document.id ? {} : { id: document.id }),
  };
  const isSame = Object.keys(changes).length === 0;
  const named = isSame ? edit : { ...edit, document: { ...edit.document, ...changes } };
  return settled({ ...tab, edit: named, saved: document, file });
}

/** A file's name without the ending of project files. */
export function fileStem(fileName: string): string {
  return fileName.endsWith(PROJECT_EXTENSION) ? fileName.slice(0, -PROJECT_EXTENSION.length) : fileName;
}

/** The title of a tab: the name of its file, or of the project while there is no file. */
function nameOf(document: GraphDocument, file: ProjectFile | null): string {
  return file === null ? document.name : fileStem(file.name);
}

function settled(tab: ProjectTab): ProjectTab {
  const { document } = tab.edit;
  const isDirty = tab.saved === null || diffDocuments(tab.saved, document).length > 0;
  return { ...tab, name: nameOf(document, tab.file), isDirty };
}
