import path from 'node:path';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import type { DigestTable } from '../data/images/digestTable.ts';
import { createProbe } from '../data/images/probeFile.ts';
import { isNameBelow } from '../files/realPath.ts';

/** What identifies the images of an evaluation. */
interface EvaluatedImages {
  readonly record: EvaluationRecord;
  readonly files: readonly string[];
  readonly digests: DigestTable;
}

/**
 * Returns a function that gives the path of an image of an evaluation, by its number; null where its file is gone, has
 * other contents than the evaluated one, or does not lie in the folder of the images.
 */
export function evaluatedFiles({
  record,
  files,
  digests,
}: EvaluatedImages): (image: number) => Promise<string | null> {
  const { folder } = record.images;
  const probe = createProbe();
  const find = async (image: number): Promise<string | null> => {
    const file = files[image];
    if (file === undefined || !isNameBelow(folder, file)) return null;
    const whole = path.join(folder, file);
    const found = await probe(whole, file);
    return found.kind === 'image' && found.digest.toString('hex') === digests.hexAt(image) ? whole : null;
  };
  // One after another: the probe has one buffer.
  let last: Promise<unknown> = Promise.resolve();
  return (image) => {
    const found = last.then(() => find(image));
    last = found.catch(() => undefined);
    return found;
  };
}
