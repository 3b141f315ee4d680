import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { expectAllClose, largest } from '#core/conformance/expectAllClose.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { classProbabilities } from '#core/export/readout.ts';
import { coverSquare, meanColour, occlusionGrid } from '#core/insight/occlusionGrid.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { openLook, type Look } from './lookSession.ts';

const model = randomModel(instantiateTemplate('resnet20', { inputShape: [3, 8, 8], classes: 7, id: 'look' }));
const image = randomImages(model, 1);

let look: Look;
let reference: Look;
beforeAll(() => {
  look = openLook(model);
  reference = openLook(model, { backend: referenceBackend });
});
afterAll(() => {
  look.close();
  reference.close();
});

function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expectAllClose(actual, expected, { relative: 1e-4, absolute: 1e-4 * largest(expected) }, what);
}

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { code, message } = toErrorData(error);
    return `${code}: ${inEnglish(message)}`;
  }
  return 'no error';
}

describe('a look at a picture', () => {
  it('lists the blocks between Input and Output with what they have', () => {
    const blocks = look.blocks();
    expect(blocks.map(({ block }) => block)).toEqual(model.graph.order.slice(1, -1).map(({ id }) => id));
    const [first] = blocks;
    expect(first).toMatchObject({
      kind: 'conv2d',
      channels: 16,
      height: 8,
      width: 8,
      filters: [16, 3, 3, 3],
    });
    expect(must(blocks.at(-1), 'head')).toMatchObject({
      channels: 7,
      height: 1,
      hasMap: false,
      filters: null,
    });
  });

  it('gives the same maps and outputs on both engines, in any order of the blocks', () => {
    const withMap = look.blocks().filter(({ hasMap }) => hasMap);
    for (const { block } of [...withMap.filter((_, index) => index % 16 === 0), must(withMap[0], 'block')]) {
      for (const method of ['grad-cam', 'grad-cam++'] as const) {
        const asked = { image, method, block, class: 3 };
        const [map, wanted] = [look.map(asked), reference.map(asked)];
        if (method === 'grad-cam') expectSame(map.values, wanted.values, block);
        expect(map.logit).toBe(map.logits[3]);
        expect(map.values.every((value) => value >= 0)).toBe(true);
      }
      expectSame(
        look.features({ image, block }).values,
        reference.features({ image, block }).values,
        `output of ${block}`,
      );
    }
    expectSame(look.classify(image), reference.classify(image), 'logits');
  });

  it('gives a part of the channels and of the kernels', () => {
    const block = must(look.blocks()[0], 'block').block;
    const all = look.features({ image, block });
    const part = look.features({ image, block, from: 14, count: 5 });
    expect(part).toMatchObject({ total: 16, shape: [2, 8, 8] });
    expect(part.values).toEqual(all.values.subarray(14 * 64));
    const slot = must(model.layout.parameters[0], 'slot');
    expect(look.filters({ block, from: 1, count: 1 })).toEqual({
      total: 16,
      shape: [1, 3, 3, 3],
      values: Float32Array.from(model.state.subarray(slot.offset + 27, slot.offset + 54)),
    });
  });

  it('names the choices where a block has no map, no kernels, or does not exist', () => {
    const head = must(look.blocks().at(-1), 'head').block;
    expect(errorOf(() => look.map({ image, method: 'grad-cam', block: head, class: 0 }))).toMatch(
      /^arguments: The output of the block “.*” has no height and width; .*conv/,
    );
    expect(errorOf(() => look.filters({ block: head }))).toMatch(/^arguments: .* no kernels; .*conv/);
    expect(errorOf(() => look.features({ image, block: 'nowhere' }))).toMatch(
      /^arguments: .*“nowhere”.*conv/,
    );
  });
});

describe('occlusion', () => {
  const square = { size: 3, stride: 4 };

  it('is the fall of the probability, square by square, with progress', async () => {
    const told: number[] = [];
    const found = await look.occlude({
      image,
      class: 2,
      ...square,
      onProgress: (_label, done) => told.push(done),
    });
    const grid = occlusionGrid(model.preprocessing, square);
    expect(found).toMatchObject({ rows: grid.rows, columns: grid.columns, ...square });
    const probability = (bytes: Uint8Array): number =>
      classProbabilities('softmax', look.classify(bytes))[2] ?? NaN;
    const fill = meanColour(model.preprocessing.mean, model.preprocessing.channelOrder);
    const expected = Array.from(found.map.values, (_, index) => {
      const covered = new Uint8Array(image.length);
      coverSquare(grid, index, { ...model.preprocessing, bytes: image }, fill, covered);
      return probability(image) - probability(covered);
    });
    expect(found.probability).toBeCloseTo(probability(image), 6);
    expectAllClose(found.map.values, expected, { relative: 0, absolute: 1e-6 }, 'occlusion');
    expect(told.at(-1)).toBe(grid.rows * grid.columns);
  });

  it('stops at a cancel', async () => {
    const abort = new AbortController();
    const work = look.occlude({
      ...{ image, class: 2, size: 1, stride: 1, signal: abort.signal },
      onProgress: () => abort.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
  });
});
