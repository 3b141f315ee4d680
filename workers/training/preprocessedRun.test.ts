import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { compile } from '#core/compile/compile.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { DataSettings } from '#core/document/dataSettings.ts';
import type { FixedNormalization } from '#core/document/normalization.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { openStream } from '#core/training/random.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { decodeImage } from '../data/decode/decodeImage.ts';
import { scanFolder } from '../data/scan/scanFolder.ts';
import { SampleImages } from '../host/data/sampleImages.ts';
import { evaluateRun } from '../inference/evaluateRun.ts';
import { predictRun } from '../inference/predictRun.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { openLabelled } from '../runs/data/prepareData.ts';
import { openRunData } from '../runs/data/runData.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { planRun } from './planRun.ts';
import { refuseOtherSettings } from './settingsConflict.ts';
import { trainRun } from './trainRun.ts';

const NORMALIZATION: FixedNormalization = {
  kind: 'fixed',
  mean: [104, 117, 123],
  deviation: [50, 60, 70],
};
const SETTINGS = {
  resize: 'crop',
  cropFraction: 0.75,
  normalization: NORMALIZATION,
  channelOrder: 'bgr',
} as const satisfies Partial<DataSettings>;

function documentOf(channels: number, data: Partial<DataSettings>): GraphDocument {
  const tiny = tinyDocument({ epochs: 1 }, 2);
  const nodes = Object.fromEntries(
    Object.entries(tiny.graph.nodes).map(([id, node]) =>
      node.kind === 'input' ? [id, { ...node, params: { ...node.params, channels } }] : [id, node],
    ),
  );
  return { ...tiny, graph: { ...tiny.graph, nodes }, data: { ...tiny.data, ...data } };
}

/** Colour images of several sizes and formats, so that both decoders and the addon's batches take part. */
async function drawColours(folder: string, count: number): Promise<void> {
  const random = openStream(3, 'colours');
  const formats = ['png', 'jpeg', 'webp'] as const;
  for (const name of ['a', 'b']) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let at = 0; at < count; at += 1) {
      const [width, height] = [9 + random.below(20), 9 + random.below(20)];
      const pixels = Uint8Array.from({ length: width * height * 3 }, () => random.below(256));
      const format = must(formats[at % 3], 'format');
      const image = sharp(pixels, { raw: { width, height, channels: 3 } }).toFormat(format);
      await writeFile(path.join(folder, name, `${at}.${format}`), await image.toBuffer());
    }
  }
}

let ground: Playground;
let run = '';
let model: TrainedModel;
let trained: Awaited<ReturnType<typeof trainRun>>;
beforeAll(async () => {
  ground = await openPlayground();
  await drawColours(ground.at('colours'), 6);
  await drawColours(ground.at('others'), 3);
  run = ground.at('run');
  trained = await start('run', documentOf(3, SETTINGS));
  ({ model } = await loadRun(run));
});
afterAll(() => ground.remove());

function start(name: string, document: GraphDocument) {
  return trainRun({
    document,
    train: ground.at('colours'),
    validation: ground.at('others'),
    out: ground.at(name),
    cacheFolder: ground.cache,
    backend: referenceBackend,
  });
}

const VIEW = {
  edits: { excluded: [], relabelled: {} },
  ...{ crossValidation: null, validationFraction: null, groups: null, seed: 7 },
};

describe('a run with given normalization, crop and order of channels', () => {
  it('keeps them with the run', () => {
    expect(model.preprocessing).toEqual({
      ...{ height: 6, width: 6, channels: 3, resize: 'crop', cropFraction: 0.75, channelOrder: 'bgr' },
      ...{ mean: [104, 117, 123], deviation: [50, 60, 70] },
    });
  });

  it('reads the same bytes for training, evaluation, prediction and preview', async () => {
    const data = await openRunData(run, { cacheFolder: ground.cache });
    const again = await openLabelled(ground.at('colours'), model.classNames, {
      target: model.preprocessing,
      cacheFolder: ground.at('other-cache'),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const scan = await scanFolder(ground.at('colours'));
    const { mean: _, deviation: __, channelOrder: ___, ...target } = model.preprocessing;
    const which = { by: 'sample', numbers: [...data.train.files.keys()] } as const;
    const shown = await new SampleImages(ground.cache).draw(scan, { view: VIEW, which, ...target });
    for (const [number, file] of data.train.files.entries()) {
      const alone = await decodeImage(path.join(ground.at('colours'), file), model.preprocessing);
      const bytes = [
        (await data.train.read(Uint32Array.of(number), 0)).images,
        (await again.read(Uint32Array.of(number), 0)).images,
        Buffer.from(must(shown.pictures[number], 'picture').pixels, 'base64'),
      ];
      expect(bytes.map((each) => Buffer.from(each).equals(alone))).toEqual([true, true, true]);
    }
    await data.close();
    await again.close();
  });

  it('predicts what the network gives for B, G, R normalized by hand', async () => {
    const files = ['a/0.png', 'b/1.jpeg', 'a/2.webp'].map((name) => path.join(ground.at('others'), name));
    const predicted: (readonly number[])[] = [];
    for await (const each of predictRun({ run, backend: referenceBackend, paths: files }))
      predicted.push('logits' in each ? each.logits : []);
    for (const [at, file] of files.entries()) {
      const expected = logitsOf(await decodeImage(file, model.preprocessing));
      expected.forEach((logit, k) => expect(predicted[at]?.[k]).toBeCloseTo(logit, 6));
    }
    const { loss } = await evaluateRun({
      ...{ run, backend: referenceBackend, cacheFolder: ground.cache },
      data: ground.at('others'),
    });
    expect(loss).toBeCloseTo(must(trained.val?.loss, 'validation loss'), 10);
  });

  it('measures in the order of the input where nothing is given', async () => {
    await start('rgb', documentOf(3, {}));
    await start('bgr', documentOf(3, { channelOrder: 'bgr' }));
    const [rgb, bgr] = await Promise.all(
      ['rgb', 'bgr'].map(async (name) => (await loadRun(ground.at(name))).model.preprocessing),
    );
    expect(new Set(rgb?.mean).size).toBe(3);
    expect(bgr?.mean).toEqual([...(rgb?.mean ?? [])].reverse());
    expect(bgr?.deviation).toEqual([...(rgb?.deviation ?? [])].reverse());
    expect(rgb).not.toHaveProperty('channelOrder');
  });

  it('does not begin where the numbers do not fit the input, and the plan says what to do', async () => {
    const document = documentOf(1, SETTINGS);
    const attempt = start('grey', document);
    await expect(attempt).rejects.toMatchObject({ code: 'graph-invalid' });
    await expect(attempt).rejects.toThrow(/grey and has one channel: give one mean/);
    const { problems } = await planRun({
      ...{
        document,
        train: ground.at('colours'),
        validation: null,
        cacheFolder: ground.cache,
        weightsFolder: ground.at('weights'),
      },
    });
    expect(problems.map(({ message }) => inEnglish(message))).toEqual([
      expect.stringMatching(/^The normalization has 3 means and deviations/),
    ]);
  });

  it('is not continued with others', () => {
    const begun = documentOf(3, SETTINGS);
    const refusal = (data: object) => (): void =>
      refuseOtherSettings('run', begun, documentOf(3, { ...SETTINGS, ...data }));
    expect(refusal({})).not.toThrow();
    expect(refusal({ normalization: undefined })).toThrow(/normalization/);
    expect(refusal({ channelOrder: 'rgb' })).toThrow(/channelOrder/);
    expect(refusal({ cropFraction: 0.875 })).toThrow(/cropFraction/);
    // Without a crop, its fraction means nothing.
    const fit = documentOf(3, { resize: 'fit' });
    expect(() =>
      refuseOtherSettings('run', fit, documentOf(3, { resize: 'fit', cropFraction: 0.5 })),
    ).not.toThrow();
  });
});

/** Logits of one image by a program that takes floats: B, G, R, normalized here. */
function logitsOf(pixels: Uint8Array): number[] {
  const program = compile(model.graph, {
    mode: 'evaluate',
    input: { type: 'f32' },
    optimizer: optimizerPlanOf(model.document.training),
    labelSmoothing: 0,
  });
  const { mean, deviation } = NORMALIZATION;
  const planes = Float32Array.from({ length: 108 }, (_, at) => {
    const [channel, pixel] = [Math.floor(at / 36), at % 36];
    return (
      (must(pixels[pixel * 3 + 2 - channel], 'byte') - (mean[channel] ?? NaN)) / (deviation[channel] ?? NaN)
    );
  });
  const session = referenceBackend.open(program.state, { threads: 1, precision: 'f64' });
  session.state.set(model.state);
  const prepared = session.prepare(program, 1);
  prepared.run({ images: planes }, { learningRate: 0, step: 1, randomKey: 0 });
  const logits = [...prepared.logits];
  session.close();
  return logits;
}
