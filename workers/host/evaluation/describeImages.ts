import type { EvaluatedImage } from '#core/contract/evaluationCalls.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { rowsInMemory } from '#core/evaluation/logitRows.ts';
import { scoreWithTop } from '#core/evaluation/topClasses.ts';
import type { LogitsFile } from '../../evaluation/logitsFile.ts';
import { evaluatedImage } from './imagePage.ts';

/** Classes that are shown of each image. */
const TOP = 5;

/** What the screen shows of some images of an evaluation; only their logits are read. */
export async function describeImages(
  rows: LogitsFile,
  images: readonly number[],
  classes: number,
): Promise<EvaluatedImage[]> {
  const { width, readout } = rows;
  const logits = new Float32Array(images.length * width);
  for (const [at, image] of images.entries()) logits.set(await rows.read(image, image + 1), at * width);
  const labels = Int32Array.from(images, (image) => must(rows.labels[image], `label of ${image}`));
  const files = images.map((image) => must(rows.files[image], `name of ${image}`));
  const chosen = rowsInMemory(logits, labels, { width, readout });
  const scored = await scoreWithTop(chosen, { classes, most: TOP, tick: () => undefined });
  return images.map((image, at) => ({ ...evaluatedImage({ ...scored, files }, at), image }));
}
