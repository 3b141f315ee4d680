import { shallowRef, type Ref } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import { sourceKey, type PictureSource } from './pictureSource.ts';

/** A picture as the lab decoded it, and where it comes from. */
export type ShownPicture = LabResult<'picture.show'> & { readonly source: PictureSource };

/** A picture that was tried before. */
export type TriedPicture = Pick<ShownPicture, 'source' | 'name' | 'preview'>;

/** Number of pictures that are kept. */
export const MOST_TRIED = 12;

/** The last pictures that were tried, the newest first. */
export function createPictureHistory(): {
  readonly entries: Readonly<Ref<readonly TriedPicture[]>>;
  /** Adds a picture in front; one that is there already keeps its place. */
  add(picture: TriedPicture): void;
} {
  const entries = shallowRef<readonly TriedPicture[]>([]);
  return {
    entries,
    add: ({ source, name, preview }) => {
      const key = sourceKey(source);
      if (entries.value.some((entry) => sourceKey(entry.source) === key)) return;
      entries.value = [{ source, name, preview }, ...entries.value].slice(0, MOST_TRIED);
    },
  };
}
