import { createHash } from 'node:crypto';
import { told } from '#core/words/testing.ts';
import { openImageSet } from '../imageSet/openImageSet.ts';
import { scanFolder } from '../scan/scanFolder.ts';

/**
 * A process for tests: opens the set of a folder, reads every image and prints `{ state, problem, digest }`. Arguments:
 * folder, cache folder, memory budget in bytes.
 */
const [, , folder = '', cacheFolder = '', budget = ''] = process.argv;
const scan = await scanFolder(folder);
const indices = Uint32Array.from(scan.images.keys());
const target = { height: 64, width: 64, channels: 3, resize: 'stretch' } as const;
const memoryBudgetBytes = Number(budget);
const set = await openImageSet({ scan, indices, target, cacheFolder, decoders: 2, memoryBudgetBytes });
const { images } = await set.read(indices);
await set.close();
const digest = createHash('sha256').update(images).digest('hex');
process.stdout.write(JSON.stringify({ state: set.cache.state, problem: told(set.cache.problem), digest }));
