import { shallowReactive } from 'vue';
import { useLab } from '../../client/useLab.ts';
import type { FileGrant } from '../../client/shellBridge.ts';

/** Pixels of a thumbnail: twice its size on the screen. */
const SIZE_PX = 128;
/** Number of files per request. */
const BATCH = 24;
/** Number of thumbnails kept; the least recently used are dropped first. */
const KEPT = 4000;

/** Thumbnails of files, requested in batches; a file that is no longer visible when its turn comes is not drawn. */
export function useFileThumbnails(folder: () => FileGrant | null) {
  const lab = useLab();
  const loaded = shallowReactive(new Map<string, string | null>());
  let wanted: readonly string[] = [];
  let isBusy = false;
  let of: FileGrant | null = null;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let files = nextFiles(); files.length > 0; files = nextFiles()) await draw(files);
    isBusy = false;
  }

  function nextFiles(): string[] {
    return wanted.filter((file) => !loaded.has(file)).slice(0, BATCH);
  }

  async function draw(files: readonly string[]): Promise<void> {
    const asked = of;
    if (asked === null) return;
    try {
      const drawn = await lab.call('data.drawFiles', {
        folder: asked.grant,
        files: [...files],
        sizePx: SIZE_PX,
      });
      if (of !== asked) return;
      const found = new Map(drawn.map(({ file, dataUrl }) => [file, dataUrl]));
      for (const file of files) loaded.set(file, found.get(file) ?? null);
      forgetOldest();
    } catch {
      for (const file of files) loaded.set(file, null);
    }
  }

  function forgetOldest(): void {
    for (const file of loaded.keys()) {
      if (loaded.size <= KEPT) return;
      loaded.delete(file);
    }
  }

  /** Sets the visible files. */
  function show(files: readonly string[]): void {
    if (folder() !== of) {
      of = folder();
      loaded.clear();
    }
    wanted = files;
    void work();
  }

  return {
    show,
    /** A data URL; null for a file that cannot be drawn, undefined until it is loaded. */
    urlOf: (file: string): string | null | undefined => loaded.get(file),
  };
}
