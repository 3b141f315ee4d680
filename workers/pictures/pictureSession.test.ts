import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { TriedStatistics } from '#core/contract/pictureCalls.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { networkOf, programOf } from '../compute/network.ts';
import { decodeImage } from '../data/decode/decodeImage.ts';
import { loadMeasuredModel } from '../inference/measuredModel.ts';
import { loadNativeBackend } from '../native/loadNativeBackend.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { trainRun } from '../training/trainRun.ts';
import { drawCompanions } from './drawCompanions.ts';
import { openPictureSession, type PictureSession } from './pictureSession.ts';

const loaded = loadNativeBackend();
const native = 'backend' in loaded ? loaded.backend : null;
const BACKENDS: readonly Backend[] = native === null ? [referenceBackend] : [referenceBackend, native];

let playground: Playground;
let picture: string;
beforeAll(async () => {
  playground = await openPlayground();
  picture = path.join(playground.validation, 'b/1.png');
});
afterAll(() => playground.remove());

const context = { signal: new AbortController().signal, onProgress: () => undefined };

/** The tiny network, with other settings of its BatchNorm block. */
function document(norm: Record<string, string | boolean | number> = {}): GraphDocument {
  const plain = tinyDocument({ epochs: 3, learningRate: 0.05 });
  const nodes = Object.fromEntries(
    Object.entries(plain.graph.nodes).map(([id, node]) => [
      id,
      node.kind === 'batchNorm' ? { ...node, params: { ...node.params, ...norm } } : node,
    ]),
  );
  return { ...plain, graph: { ...plain.graph, nodes } };
}

let runs = 0;
async function trained(
  backend: Backend,
  norm: Record<string, string | boolean | number> = {},
): Promise<string> {
  const out = playground.at(`run${(runs += 1)}`);
  await trainRun({
    ...{ document: document(norm), train: playground.train, validation: playground.validation, out },
    ...{ cacheFolder: playground.cache, backend },
  });
  return out;
}

async function opened<T>(
  run: string,
  backend: Backend,
  use: (session: PictureSession) => Promise<T>,
): Promise<T> {
  const session = await openPictureSession({ run, backend, cacheFolder: playground.cache });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

async function logitsOf(
  session: PictureSession,
  statistics: TriedStatistics,
  batches = 4,
): Promise<(readonly number[])[]> {
  const { pictureId } = await session.show({ kind: 'file', path: picture });
  const asked = { pictureId, statistics, companions: 7, batches };
  return (await session.classify(asked, context)).answers.map(({ logits }) => logits);
}

/** The logits of the first image by a training-mode program of the engine, in a session of its own. */
function directly(model: TrainedModel, backend: Backend, images: Uint8Array, count: number): number[] {
  const precision = backend.kind === 'native' ? 'f32' : 'f64';
  const session = backend.open(model.layout, { threads: 1, precision });
  session.state.set(model.state);
  const nodes = Object.values(model.document.graph.nodes).filter(({ kind }) => kind === 'dropout');
  expect(nodes).toHaveLength(1);
  const { document } = model;
  const without = {
    ...document.graph,
    nodes: Object.fromEntries(
      Object.entries(document.graph.nodes).map(([id, node]) => [
        id,
        node.kind === 'dropout' ? { ...node, params: { ...node.params, rate: 0 } } : node,
      ]),
    ),
  };
  const program = programOf(
    networkOf({ ...document, graph: without }),
    document.training,
    model.preprocessing,
    'train',
  );
  const prepared = session.prepare(program, count);
  prepared.run({ images, labels: new Int32Array(count) }, { learningRate: 0, step: 1, randomKey: 0 });
  const logits = [...prepared.logits.subarray(0, model.graph.logitCount)];
  session.close();
  return logits;
}

describe('bytes that the page sends', () => {
  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('hello')],
    ['a web page', () => Buffer.from('<!doctype html><html></html>')],
    ['a PNG of 400 megapixels', () => hugePng(20_000, 20_000)],
    ['a PNG that lies about its size', () => hugePng(10_000, 9_000)],
    ['half a JPEG', async () => (await jpeg()).subarray(0, 300)],
  ])('are refused in one sentence: %s', async (_, bytes) => {
    const run = await plainRun();
    await opened(run, referenceBackend, async (session) => {
      const shown = session.show({ kind: 'bytes', name: 'x.png', bytes: await bytes() });
      await expect(shown).rejects.toMatchObject({ code: 'image-unreadable', where: 'x.png' });
      expect((await logitsOf(session, 'stored'))[0]).toHaveLength(3);
    });
  });
});

let plain: Promise<string> | null = null;
function plainRun(): Promise<string> {
  return (plain ??= trained(referenceBackend));
}

function jpeg(): Promise<Buffer> {
  const raw = { width: 64, height: 64, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 256);
  return sharp(pixels, { raw }).jpeg().toBuffer();
}

/** A PNG whose header names a size that its few bytes do not have. */
function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write('IHDR', 4, 'latin1');
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.set([8, 2, 0, 0, 0], 16);
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21);
  const end = Buffer.from('0000000049454e44ae426082', 'hex');
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), header, end]);
}

describe.each(BACKENDS)('a picture on the $kind backend', (backend) => {
  let run: string;
  beforeAll(async () => {
    run = await trained(backend);
  });

  it('is decoded and normalized as in training', async () => {
    const model = await loadMeasuredModel(run);
    const pixels = await decodeImage(picture, model.preprocessing);
    const shown = await opened(run, backend, (session) => session.show({ kind: 'file', path: picture }));
    expect(shown).toMatchObject({ name: '1.png', width: 6, height: 6 });
    expect(shown.preview).toMatch(/^data:image\/png;base64,/);
    expect(shown.pixels).toEqual(pixels);
    const [mean = 0] = model.preprocessing.mean;
    const [deviation = 1] = model.preprocessing.deviation;
    expect(shown.tensor).toHaveLength(36);
    shown.tensor.forEach((value, at) => {
      expect(value).toBeCloseTo(((pixels[at] ?? 0) - mean) / deviation, 5);
    });
  });

  it('is the same picture from bytes', async () => {
    await opened(run, backend, async (session) => {
      const bytes = await readFile(picture);
      const file = await session.show({ kind: 'file', path: picture });
      const given = await session.show({ kind: 'bytes', name: 'pasted.png', bytes });
      expect(given).toEqual({ ...file, name: 'pasted.png' });
    });
  });

  it('has a spread under batch statistics, which is the same each time', async () => {
    await opened(run, backend, async (session) => {
      expect(session.hasBatchNorm).toBe(true);
      const random = await logitsOf(session, 'random');
      expect(random).toHaveLength(4);
      expect(new Set(random.map(String)).size).toBe(4);
      expect(await logitsOf(session, 'random')).toEqual(random);
      expect(await logitsOf(session, 'kind')).toHaveLength(1);
      expect(await logitsOf(session, 'stored')).toEqual(await logitsOf(session, 'moving'));
      expect(await logitsOf(session, 'exact')).not.toEqual(await logitsOf(session, 'stored'));
    });
  });

  it.each([{ normalizeBy: 'stored', updateStatistics: false }, { normalizeBy: 'stored' }])(
    'has no spread where %o',
    async (norm) => {
      await opened(await trained(backend, norm), backend, async (session) => {
        expect(session.hasBatchNorm).toBe(norm.updateStatistics !== false);
        const [stored] = await logitsOf(session, 'stored');
        expect(await logitsOf(session, 'random')).toEqual([stored, stored, stored, stored]);
        expect(await logitsOf(session, 'kind')).toEqual([stored]);
      });
    },
  );

  it('is the picture as it is computed directly, with its companions', async () => {
    await opened(run, backend, async (session) => {
      const { pictureId, pixels } = await session.show({ kind: 'file', path: picture });
      const [found] = await logitsOf(session, 'kind');
      const { model } = session;
      const [stored = []] = await logitsOf(session, 'stored');
      const kind = model.classNames[stored.indexOf(Math.max(...stored))] ?? '';
      const files = Array.from({ length: 8 }, (_, index) =>
        path.join(playground.train, kind, `${index}.png`),
      );
      const companions = await Promise.all(files.map((file) => decodeImage(file, model.preprocessing)));
      const key = Number.parseInt(pictureId.slice(0, 8), 16);
      const draw = { key, purpose: 'companions of a kind' };
      const chosen = [...drawCompanions(Uint32Array.from(companions.keys()), 8, draw)].slice(0, 7);
      const images = Buffer.concat([pixels, ...chosen.map((index) => companions[index] ?? pixels)]);
      const direct = directly(model, backend, images, 8);
      direct.forEach((logit, at) =>
        expect(found?.[at]).toBeCloseTo(logit, backend.kind === 'native' ? 5 : 12),
      );
    });
  });

  it('changes no file of the run', async () => {
    const before = await readFile(path.join(run, 'checkpoint.safetensors'));
    await opened(run, backend, (session) => logitsOf(session, 'exact'));
    expect(await readFile(path.join(run, 'checkpoint.safetensors'))).toEqual(before);
  });
});
