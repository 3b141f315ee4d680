/** What was dropped: one folder, with its file object and name, or the reason why it cannot be taken. */
export type DroppedItem =
  | { readonly kind: 'folder'; readonly name: string; readonly file: File | null }
  | { readonly kind: 'file' | 'many' };

/** True while files or folders of the system are dragged, and not something of the page's own. */
export function dragsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** What a drop of files holds; null for a drop of something else. */
export function droppedItem(data: Pick<DataTransfer, 'items'>): DroppedItem | null {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const [first] = items;
  if (first === undefined) return null;
  if (items.length > 1) return { kind: 'many' };
  const entry = first.webkitGetAsEntry();
  if (entry?.isDirectory !== true) return { kind: 'file' };
  return { kind: 'folder', name: entry.name, file: first.getAsFile() };
}
