import { describe, expect, it } from 'vitest';
import { dragsFiles, droppedItem } from './folderDrop.ts';

/** An item as a browser passes it; dragged text has no entry. */
function item(kind: 'file' | 'string', entry: { name: string; isDirectory: boolean } | null = null) {
  const file = entry === null ? null : new File([], entry.name);
  return { kind, webkitGetAsEntry: () => entry, getAsFile: () => file };
}
const dropped = (...items: ReturnType<typeof item>[]) =>
  droppedItem({ items: items as unknown as DataTransferItemList });

describe('what was dropped', () => {
  const birds = item('file', { name: 'birds', isDirectory: true });

  it('is one folder, beside any text', () => {
    expect(dropped(birds)).toMatchObject({ kind: 'folder', name: 'birds', file: { name: 'birds' } });
    expect(dropped(item('string'), birds)).toMatchObject({ kind: 'folder', name: 'birds' });
  });

  it('is a file, or several things', () => {
    expect(dropped(item('file', { name: 'a.png', isDirectory: false }))).toMatchObject({
      ...{ kind: 'file', name: 'a.png', file: { name: 'a.png' } },
    });
    expect(dropped(item('file', null))).toEqual({ kind: 'file', name: '', file: null });
    expect(dropped(birds, birds)).toEqual({ kind: 'many' });
  });

  it('is nothing of ours for a block of the palette', () => {
    expect(dropped(item('string'))).toBeNull();
    const drag = (types: string[]) => dragsFiles({ dataTransfer: { types } } as unknown as DragEvent);
    expect(drag(['application/x-normlab-block'])).toBe(false);
    expect(drag(['Files'])).toBe(true);
  });
});
