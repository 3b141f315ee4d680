import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sparseCells } from '#core/evaluation/confusion.ts';
import { rowsInMemory } from '#core/evaluation/logitRows.ts';
import { computePairFigures } from '#core/evaluation/pairFigures.ts';
import { pairImages } from '#core/evaluation/pairImages.ts';
import { differingImages, PAIR_LISTS } from '#core/evaluation/pairLists.ts';
import { encodeSafetensors } from '#core/export/safetensors.ts';
import { openStream } from '#core/training/random.ts';

interface Case {
  readonly name: string;
  readonly images: number;
  readonly classes: number;
  /** Standard deviation of the noise by which the second network differs. */
  readonly noise: number;
}

const CASES: readonly Case[] = [
  { name: 'alike', images: 200, classes: 4, noise: 0.05 },
  { name: 'two-classes', images: 400, classes: 2, noise: 1 },
  { name: 'different', images: 900, classes: 12, noise: 2 },
];

/** Writes the logits of two networks beside all figures of their comparison. */
export async function writePairs(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const each of CASES) {
    const { labels, first, second } = drawPair(each);
    const { classes: width, images } = each;
    const classNames = Array.from({ length: width }, (_, k) => `class ${k}`);
    const side = { classNames, labels, digestOf: String };
    const readout = { width, readout: 'softmax' } as const;
    const { figures, matrix, scores } = await computePairFigures(
      { first: rowsInMemory(first, labels, readout), second: rowsInMemory(second, labels, readout) },
      pairImages(side, side),
      { classNames, tick: () => undefined },
    );
    const lists = PAIR_LISTS.map((list) => [list, [...differingImages(scores, list)]]);
    const found = { figures, matrix: sparseCells(matrix), lists: Object.fromEntries(lists) as unknown };
    writeFileSync(join(folder, `${each.name}.json`), JSON.stringify(found));
    const tensors = [
      { name: 'labels', dtype: 'I32', shape: [images], data: labels },
      { name: 'first', dtype: 'F32', shape: [images, width], data: first },
      { name: 'second', dtype: 'F32', shape: [images, width], data: second },
    ] as const;
    writeFileSync(join(folder, `${each.name}.safetensors`), encodeSafetensors(tensors, {}));
  }
}

/** Logits that are larger for the true class, and the same with noise. Not every class has an image. */
function drawPair({ name, images, classes, noise }: Case): {
  labels: Int32Array;
  first: Float32Array;
  second: Float32Array;
} {
  const random = openStream(1, name);
  const labels = Int32Array.from({ length: images }, () => random.below(Math.max(2, classes - 1)));
  const first = Float32Array.from({ length: images * classes }, (_, at) => {
    const isOwn = at % classes === labels[Math.floor(at / classes)];
    return 1.5 * random.normal() + (isOwn ? 2 : 0);
  });
  const second = first.map((value) => value + noise * random.normal());
  return { labels, first, second };
}
