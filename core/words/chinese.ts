import type { Translated } from './english.ts';
import { plain } from './zh/plain.ts';
import { training } from './zh/training.ts';
import { work } from './zh/work.ts';

/** All texts in simplified Chinese. */
export const CHINESE: Translated = { plain, training, work };
