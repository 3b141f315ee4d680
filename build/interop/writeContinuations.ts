import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { epochOrder, openStream } from '#core/training/random.ts';
import { loadRun } from '#workers/runs/checkpoint/loadModel.ts';
import { drawShape, SAMPLE_SIDE, SHAPES } from '../samples/drawShape.ts';
import { encodePng } from '../samples/encodePng.ts';
import { runLab } from './labCommand.ts';

/** A multiple of the batch, so that no batch is smaller. */
const IMAGES = 192;
const BATCH = 16;
const EPOCHS_BEFORE = 2;
const SEED = 3;

/** Each format with the estimator of the stored variance that its framework has. */
const ESTIMATORS = { pytorch: 'unbiased', keras: 'biased' } as const;

const OPTIMIZERS = {
  sgd: { '--optimizer': 'sgd', '--momentum': '0.9', '--lr': '0.02' },
  adam: { '--optimizer': 'adam', '--epsilon': '1e-8', '--lr': '0.002' },
} as const;

/**
 * Writes a folder for each framework and optimizer: a network with BatchNorm that the lab trained, as a bundle; images
 * in the order of the batches; and what one more epoch in the lab gives, the loss of each step and the statistics after
 * it. The bundle has no moments, so both sides begin with those of a new optimizer: the lab by `--from RUN`.
 */
export async function writeContinuations(folder: string): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'normlab-continuations-'));
  try {
    const images = drawImages(join(scratch, 'images'));
    // The order of the first epoch of the second run.
    const order = [...epochOrder(IMAGES, SEED, 0, true)];
    const inOrder = order.map((at) => must(images[at], `image ${String(at)}`));
    for (const [format, estimator] of Object.entries(ESTIMATORS))
      for (const [optimizer, settings] of Object.entries(OPTIMIZERS)) {
        const target = join(folder, `${format}-${optimizer}`);
        const place = join(scratch, `${format}-${optimizer}`);
        mkdirSync(place);
        mkdirSync(target);
        writeFileSync(join(place, 'project.normlab.json'), serializeDocument(documentOf(estimator)));
        await continueRun(place, target, { format, settings, data: join(scratch, 'images'), order });
        writeFileSync(join(target, 'images.u8'), Buffer.concat(inOrder));
      }
    return `${Object.keys(ESTIMATORS).length * Object.keys(OPTIMIZERS).length} trainings continued`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Continued {
  readonly format: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly data: string;
  readonly order: readonly number[];
}

/** Trains, exports, and trains one more epoch. */
async function continueRun(
  place: string,
  target: string,
  { format, settings, data, order }: Continued,
): Promise<void> {
  const home = join(place, 'home');
  const shared = {
    ...settings,
    ...{
      '--data': data,

      '--val-split': '0',
      '--augment': 'none',
    },
    ...{ '--batch': String(BATCH), '--schedule': 'constant', '--warmup': '0', '--weight-decay': '0' },
    ...{ '--resize': 'stretch', '--normalize': 'symmetric', '--precision': 'f32', '--seed': String(SEED) },
  };
  const [first, second] = [join(place, 'first'), join(place, 'second')];
  const project = join(place, 'project.normlab.json');
  await runLab(['train', project], { ...shared, '--epochs': String(EPOCHS_BEFORE), '--out': first }, home);
  await runLab(['export', first], { '--format': format, '--out': join(target, 'bundle') }, home);
  const more = { '--from': first, '--train': 'all', '--bn': 'all', '--epochs': '1', '--out': second };
  await runLab(['train'], { ...shared, ...more }, home);
  const steps = readFileSync(join(second, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; loss: number })
    .filter(({ kind }) => kind === 'step');
  const { model } = await loadRun(second);
  const statistics = model.layout.statistics.map(({ node, field, offset, size }) => {
    return [`${node}.${field}`, [...model.state.subarray(offset, offset + size)]] as const;
  });
  const facts = {
    ...{ batch: BATCH, side: SAMPLE_SIDE, labels: order.map((at) => labels()[at]), settings },
    ...{ losses: steps.map(({ loss }) => loss), statistics: Object.fromEntries(statistics) },
  };
  writeFileSync(join(target, 'continuation.json'), JSON.stringify(facts));
}

/** The class of each image, in the order of the folders. */
function labels(): readonly number[] {
  return SHAPES.flatMap((_, label) => Array.from({ length: IMAGES / SHAPES.length }, () => label));
}

function drawImages(folder: string): readonly Uint8Array[] {
  return labels().map((label, at) => {
    const shape = must(SHAPES[label], 'a shape');
    const pixels = drawShape(shape, openStream(31, `continuation/${String(at)}`));
    mkdirSync(join(folder, shape), { recursive: true });
    const file = join(folder, shape, `${String(at).padStart(3, '0')}.png`);
    writeFileSync(file, encodePng(pixels, SAMPLE_SIDE, SAMPLE_SIDE));
    return pixels;
  });
}

/**
 * Two convolutions with BatchNorm, and one on vectors. The convolutions have no bias: the gradient of a bias before
 * BatchNorm is rounding alone, which Adam would amplify.
 */
function documentOf(variance: 'biased' | 'unbiased'): GraphDocument {
  const builder = new GraphBuilder();
  const add = (id: string, kind: string, source: NodeId, params = {}): NodeId =>
    builder.add(id, kind, [0, 0], [source], params);
  const input = builder.add('input', 'input', [0, 0], [], {
    height: SAMPLE_SIDE,
    width: SAMPLE_SIDE,
    channels: 3,
  });
  const one = add('conv1', 'conv2d', input, { filters: 8, kernel: 3, stride: 2, bias: false });
  const first = add('relu1', 'relu', add('bn1', 'batchNorm', one, { variance }));
  const two = add('conv2', 'conv2d', first, { filters: 16, kernel: 3, bias: false });
  const second = add('relu2', 'relu', add('bn2', 'batchNorm', two, { variance, decay: 0.8, epsilon: 1e-3 }));
  const vector = add('bn3', 'batchNorm', add('pool', 'globalAvgPool', second), { variance });
  add('output', 'output', add('dense', 'dense', vector, { units: SHAPES.length }));
  const { graph, positions } = builder.build();
  return { ...createDocument('Continuation', 'continuation'), graph, layout: { positions } };
}
