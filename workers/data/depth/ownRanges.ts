import type { ValueRanges } from '#core/document/preprocessing.ts';
import type { ImageFile } from '../decode/ownReader.ts';
import { collectSamples } from './collectSamples.ts';
import { isFaint, rangeOf } from './rangeOf.ts';

const SAMPLES_MOST = 65_536;

/** The value ranges that show a single image best, as in a thumbnail. Throws `UnreadableImage`. */
export async function ownRanges(file: ImageFile): Promise<ValueRanges> {
  const { depth } = file.header;
  if (depth === 'byte') return {};
  const range = rangeOf(await collectSamples(file, SAMPLES_MOST));
  return range === null || (depth === 'unsigned16' && !isFaint(range)) ? {} : { [depth]: range };
}
