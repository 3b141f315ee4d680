import { DOUBT_LISTS } from './doubts/doubtLists.ts';
import { ORDERED_LISTS, type ImageList } from './images/imageList.ts';

/** The lists of the images view, in the order in which they are offered. */
export const IMAGE_LISTS: readonly ImageList[] = [...ORDERED_LISTS, ...DOUBT_LISTS];
