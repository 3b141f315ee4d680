import { describe, expect, it } from 'vitest';
import { AppError } from '../diagnostics/appError.ts';
import { parseDocument } from '../document/parse.ts';
import { serializeDocument } from '../document/serialize.ts';
import { formatShape } from '../program/shape.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { CARD, PITCH } from '../layout/card.ts';
import { instantiateTemplate, TEMPLATES, templatesOf } from './templates.ts';
import { inEnglish } from '../words/catalogues.ts';

function shaped(name: string, options?: Parameters<typeof instantiateTemplate>[1]) {
  const { graph } = checkGraph(instantiateTemplate(name, options).graph);
  if (!graph) throw new Error(`${name} does not check`);
  return graph;
}

/** The hints of a VGG with that many convolutions in each stage. */
function biasesOfVgg(convs: readonly number[]): string[] {
  return convs.flatMap((count, stage) =>
    Array.from({ length: count }, (_, nth) => `lint-bias-before-norm stage${stage + 1}_conv${nth + 1}`),
  );
}

describe('templates', () => {
  for (const { name, inputShape } of TEMPLATES) {
    it(`${name}: checks without an error or warning, parses, and no card lies on another`, () => {
      const document = instantiateTemplate(name);
      const report = checkGraph(document.graph);
      expect(report.diagnostics.filter((found) => found.severity !== 'hint')).toEqual([]);
      expect(report.graph?.inputShape).toEqual(inputShape);
      expect(parseDocument(serializeDocument(document))).toEqual({ ok: true, document });
      const places = Object.values(document.layout.positions);
      expect(places).toHaveLength(Object.keys(document.graph.nodes).length);
      const overlaps = places.flatMap((a, index) =>
        places
          .slice(index + 1)
          .filter((b) => Math.abs(a.x - b.x) < CARD.width && Math.abs(a.y - b.y) < CARD.height),
      );
      expect(overlaps).toEqual([]);
    });
  }

  it('have the parameters of the reference networks', () => {
    // sum(p.numel() for p in model.parameters()) of each net of bench/torch_reference.py, computed by hand from its
    // layers.
    const mlp = 784 * 100 + 2 * 100 * 100 + 3 * 100 + 3 * 200 + 100 * 10 + 10;
    const vgg =
      9 * (3 * 32 + 32 * 32 + 32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) + 4 * (32 + 64 + 128) + 1290;
    const counts = templatesOf('small').map(({ name }) => [name, shaped(name).parameterCount]);
    expect(Object.fromEntries(counts)).toEqual({
      'mnist-cnn-bn': 32 * 9 + 32 + 64 + 32 * 14 * 14 * 10 + 10,
      'bn-mlp': mlp,
      'vgg-bn': vgg,
      resnet20: 272_474,
    });
  });

  it('of 1,000 classes have the parameters that torchvision publishes; Lite0 those of timm', () => {
    const counts = templatesOf('photos').map(({ name }) => [
      name,
      shaped(name, { classes: 1000 }).parameterCount,
    ]);
    expect(Object.fromEntries(counts)).toEqual({
      resnet18: 11_689_512,
      resnet34: 21_797_672,
      resnet50: 25_557_032,
      'vgg11-bn': 132_868_840,
      'vgg16-bn': 138_365_992,
      'mobilenet-v2': 3_504_872,
      'mobilenet-v3-large': 5_483_032,
      'efficientnet-lite0': 4_652_008,
      'efficientnet-b0': 5_288_548,
      densenet121: 7_978_856,
      'squeezenet1-1': 1_235_496,
    });
  });

  it('mnist-cnn-bn, bn-mlp and VGG have biases before BatchNorm, as the reference; the others have none', () => {
    const biased = TEMPLATES.map(({ name }) => [
      name,
      checkGraph(instantiateTemplate(name).graph).diagnostics.map((found) => `${found.code} ${found.nodeId}`),
    ]);
    expect(Object.fromEntries(biased)).toEqual({
      'mnist-cnn-bn': ['lint-bias-before-norm conv1'],
      'bn-mlp': [1, 2, 3].map((layer) => `lint-bias-before-norm dense${layer}`),
      ...Object.fromEntries(TEMPLATES.slice(2).map(({ name }) => [name, []])),
      'vgg11-bn': biasesOfVgg([1, 1, 2, 2, 2]),
      'vgg16-bn': biasesOfVgg([2, 2, 3, 3, 3]),
    });
  });

  it('of photos keep the positions of their columns: no part is longer than a screenful of 31 cards', () => {
    for (const { name } of templatesOf('photos')) {
      const rows = Object.values(instantiateTemplate(name).layout.positions).map(({ y }) => y / PITCH.y);
      expect(Math.max(...rows), name).toBeLessThan(31);
    }
  });

  it('resnet20: the reference’s first projecting block, stride and padding included', () => {
    const block = shaped('resnet20').order.filter((node) => node.id.startsWith('s2b1'));
    const lines = block.map(
      ({ id, definition, params, shape, sources }) =>
        `${id} ${definition.summary(params).map(inEnglish).join(' · ')} ${definition.kind === 'conv2d' ? `${params.padding} ${params.padY},${params.padX} bias ${params.bias} ` : ''}<- ${sources.join(', ')} = ${formatShape(shape)}`,
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "s2b1conv1 3×3 · 32 · stride 2 explicit 1,1 bias false <- s1b3relu2.out = 32 × 16 × 16",
        "s2b1bn1 decay 0.9 <- s2b1conv1.out = 32 × 16 × 16",
        "s2b1relu1 max(0, x) <- s2b1bn1.out = 32 × 16 × 16",
        "s2b1conv2 3×3 · 32 explicit 1,1 bias false <- s2b1relu1.out = 32 × 16 × 16",
        "s2b1bn2 decay 0.9 <- s2b1conv2.out = 32 × 16 × 16",
        "s2b1shortcutConv 1×1 · 32 · stride 2 explicit 0,0 bias false <- s1b3relu2.out = 32 × 16 × 16",
        "s2b1shortcutBn decay 0.9 <- s2b1shortcutConv.out = 32 × 16 × 16",
        "s2b1add 2 inputs <- s2b1bn2.out, s2b1shortcutBn.out = 32 × 16 × 16",
        "s2b1relu2 max(0, x) <- s2b1add.out = 32 × 16 × 16",
      ]
    `);
  });

  it('all BatchNorm blocks of the small ones are PyTorch’s default', () => {
    const norms = templatesOf('small').flatMap(({ name }) =>
      shaped(name).order.filter((node) => node.definition.kind === 'batchNorm'),
    );
    expect(norms).toHaveLength(1 + 3 + 6 + 21);
    for (const { params } of norms) {
      expect(params).toMatchObject({ decay: 0.9, epsilon: 1e-5, variance: 'unbiased', normalizeBy: 'batch' });
    }
  });

  it('BatchNorm blocks of the photo networks have epsilon and decay of their family', () => {
    const settings = templatesOf('photos').map(({ name }) => {
      const norms = shaped(name).order.filter((node) => node.definition.kind === 'batchNorm');
      return [name, [...new Set(norms.map(({ params }) => `${params.epsilon} ${params.decay}`))]];
    });
    expect(Object.fromEntries(settings)).toEqual({
      ...Object.fromEntries(templatesOf('photos').map(({ name }) => [name, ['0.00001 0.9']])),
      'mobilenet-v3-large': ['0.001 0.99'],
      'efficientnet-lite0': ['0.001 0.99'],
      'squeezenet1-1': [],
    });
  });

  it('drop residual branches at the rates of the original: 0.2 times the block’s place of 16', () => {
    const rates = shaped('efficientnet-b0')
      .order.filter((node) => node.definition.kind === 'stochasticDepth')
      .map(({ params }) => Number(params.rate));
    // The blocks with a skip connection.
    const places = [2, 4, 6, 7, 9, 10, 12, 13, 14];
    expect(rates.sort((a, b) => a - b)).toEqual(places.map((place) => (place * 125) / 10_000));
  });

  it('take other images and classes', () => {
    const graph = shaped('vgg-bn', { inputShape: [1, 64, 48], classes: 3 });
    expect([graph.inputShape, graph.classes]).toEqual([[1, 64, 48], 3]);
    const tooSmall = checkGraph(instantiateTemplate('vgg-bn', { inputShape: [3, 4, 4] }).graph);
    expect(tooSmall.diagnostics.map((found) => `${found.code} ${found.nodeId}`)).toEqual([
      'shape-empty pool3',
    ]);
  });

  it('are new projects each time, and unknown names are refused with the known ones', () => {
    expect(instantiateTemplate('bn-mlp').id).not.toBe(instantiateTemplate('bn-mlp').id);
    expect(() => instantiateTemplate('lenet')).toThrow(AppError);
    expect(() => instantiateTemplate('lenet')).toThrow(
      'choose one of mnist-cnn-bn, bn-mlp, vgg-bn, resnet20, resnet18',
    );
  });
});
