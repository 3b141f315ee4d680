/** Drag and drop of a block from the palette: the block's kind is passed under a MIME type of our own. */
const BLOCK_TYPE = 'application/x-normlab-block';

export function startBlockDrag(event: DragEvent, kind: string): void {
  event.dataTransfer?.setData(BLOCK_TYPE, kind);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copy';
}

/** True while a palette block is dragged; its kind is readable only at the drop. */
export function carriesBlock(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(BLOCK_TYPE) ?? false;
}

/** The kind that was dropped, or null when it was something else. */
export function droppedKind(event: DragEvent): string | null {
  return event.dataTransfer?.getData(BLOCK_TYPE) || null;
}
