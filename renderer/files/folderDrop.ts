/** The result of a drop: one folder or file, with its file object and name, or several things. */
export type DroppedItem =
  | { readonly kind: 'folder' | 'file'; readonly name: string; readonly file: File | null }
  | { readonly kind: 'many' };

/** True while the user drags files or folders of the system, and not an element of the page. */
export function dragsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** The contents of a drop of files; null for a drop of something else. */
export function droppedItem(data: Pick<DataTransfer, 'items'>): DroppedItem | null {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const [first] = items;
  if (first === undefined) return null;
  if (items.length > 1) return { kind: 'many' };
  const entry = first.webkitGetAsEntry();
  const file = first.getAsFile();
  const kind = entry?.isDirectory === true ? 'folder' : 'file';
  return { kind, name: entry?.name ?? file?.name ?? '', file };
}
