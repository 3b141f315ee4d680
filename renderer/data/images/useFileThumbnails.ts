import { useLab } from '../../client/useLab.ts';
import type { FileGrant } from '../../client/shellBridge.ts';
import { createThumbnailQueue } from './thumbnailQueue.ts';

/** Pixels of a thumbnail: twice its size on the screen. */
const SIZE_PX = 128;
/** Number of files per request. */
const BATCH = 24;

/** Thumbnails of files of a folder. */
export function useFileThumbnails(folder: () => FileGrant | null) {
  const lab = useLab();
  let of: FileGrant | null = null;
  const queue = createThumbnailQueue<string>(BATCH, async (files) => {
    if (of === null) return new Map();
    const request = { folder: of.grant, files: [...files], sizePx: SIZE_PX };
    const drawn = await lab.call('data.drawFiles', request);
    return new Map(drawn.map(({ file, dataUrl }) => [file, dataUrl]));
  });

  /** Sets the visible files. */
  function show(files: readonly string[]): void {
    if (folder() !== of) {
      of = folder();
      queue.clear();
    }
    queue.show(files);
  }

  return { show, urlOf: queue.urlOf };
}
