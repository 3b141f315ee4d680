import { shallowReactive } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import type { FileGrant } from '../../client/shellBridge.ts';
import type { Lab } from '../../client/useLab.ts';

type Thumbnail = LabResult<'data.thumbnails'>[number];

const COUNT = 6;
/** Pixels of a thumbnail: twice its size on the screen. */
const SIZE_PX = 64;
/** Number of classes per request, so that a concurrent scan is not slowed down. */
const AT_ONCE = 2;

/** The first images of each class, loaded when the class becomes visible. */
export function useThumbnails(lab: Lab, folder: () => FileGrant | null) {
  const loaded = shallowReactive(new Map<string, readonly Thumbnail[]>());
  const waiting: (() => Promise<void>)[] = [];
  let working = 0;

  async function work(): Promise<void> {
    if (working >= AT_ONCE) return;
    working += 1;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
    working -= 1;
  }

  async function fetchInto(key: string, of: FileGrant, className: string): Promise<void> {
    try {
      const wanted = { folder: of.grant, className, count: COUNT, sizePx: SIZE_PX };
      loaded.set(key, await lab.call('data.thumbnails', wanted));
    } catch {
      // Images that cannot be shown are not reported as an error here; they are requested again the next time.
      loaded.delete(key);
    }
  }

  /** Requests the images of a class, once per folder. */
  function load(className: string): void {
    const of = folder();
    if (of === null || loaded.has(keyOf(of, className))) return;
    const key = keyOf(of, className);
    loaded.set(key, []);
    waiting.push(() => fetchInto(key, of, className));
    void work();
  }

  function thumbnailsOf(className: string): readonly Thumbnail[] {
    const of = folder();
    return of === null ? [] : (loaded.get(keyOf(of, className)) ?? []);
  }

  return { load, thumbnailsOf };
}

function keyOf(folder: FileGrant, className: string): string {
  return `${folder.grant}\n${className}`;
}
