import { describe, expect, it } from 'vitest';
import type { Params } from '../document/schema.ts';
import type { Shape } from '../program/shape.ts';
import { BATCH_NORM_PRESETS } from './batchNormPresets.ts';
import { checkParams } from './checkParams.ts';
import { completeParams } from './defaults.ts';
import type { NodeDefinition } from './definition.ts';
import { findDefinition } from './registry.ts';
import type { Initializer } from '../program/stateLayout.ts';
import { inEnglish } from '../words/catalogues.ts';

function block(kind: string): NodeDefinition {
  const definition = findDefinition(kind);
  if (!definition) throw new Error(kind);
  return definition;
}

/** The output shape, or the problems. */
function infer(kind: string, params: Params, ...inputs: Shape[]): unknown {
  const result = block(kind).inferShape(completeParams(block(kind), params), inputs);
  return result.ok ? result.shape : result.problems.map(({ code, port, param }) => [code, port ?? param]);
}

function parameters(kind: string, params: Params, ...inputs: Shape[]): unknown {
  return block(kind).parameters(completeParams(block(kind), params), inputs);
}

describe('shapes', () => {
  it('of a convolution', () => {
    expect(infer('conv2d', { filters: 8 }, [3, 32, 32])).toEqual([8, 32, 32]);
    expect(
      infer('conv2d', { filters: 8, rectangular: true, kernelX: 5, padding: 'valid' }, [3, 9, 9]),
    ).toEqual([8, 7, 5]);
    const uneven = { padding: 'explicit', padY: 0, padX: 2, padBottom: 3, padRight: 1 } as const;
    expect(infer('conv2d', { filters: 8, ...uneven, asymmetric: true }, [3, 6, 7])).toEqual([8, 7, 8]);
    expect(infer('conv2d', { filters: 8, ...uneven }, [3, 6, 7])).toEqual([8, 4, 9]);
    expect(infer('conv2d', {}, [128])).toEqual([['shape-rank', 'in']]);
    expect(infer('conv2d', { kernel: 5, padding: 'valid', groups: 2 }, [3, 4, 9])).toEqual([
      ['shape-empty', 'kernel'],
      ['shape-mismatch', 'groups'],
    ]);
    expect(infer('conv2d', { filters: 3, groups: 2 }, [4, 4, 4])).toEqual([['shape-mismatch', 'groups']]);
  });

  it('of pooling', () => {
    expect(infer('maxPool', {}, [8, 7, 6])).toEqual([8, 3, 3]);
    expect(infer('avgPool', { padding: 'same' }, [8, 7, 7])).toEqual([8, 4, 4]);
    expect(infer('maxPool', { kernel: 3, padding: 'explicit', pad: 1 }, [8, 7, 7])).toEqual([8, 4, 4]);
    expect(infer('maxPool', { padding: 'explicit', pad: 2 }, [8, 7, 7])).toEqual([['param-range', 'pad']]);
    expect(infer('maxPool', {}, [8, 1, 1])).toEqual([['shape-empty', 'kernel']]);
    expect(infer('maxPool', { kernel: 3, stride: 2, ceilMode: true }, [8, 8, 2])).toEqual([8, 4, 1]);
    const uneven = { kernel: 3, padding: 'explicit', asymmetric: true, padBottom: 2, padRight: 1 } as const;
    expect(infer('avgPool', { ...uneven, pad: 0, padLeft: 2 }, [8, 7, 7])).toEqual([8, 4, 4]);
    expect(infer('maxPool', { ...uneven, padBottom: 3 }, [8, 7, 7])).toEqual([['param-range', 'padBottom']]);
    expect(infer('maxPool', { ...uneven, padBottom: 3, asymmetric: false }, [8, 7, 7])).toEqual([8, 3, 3]);
    expect(infer('adaptiveAvgPool', { height: 7, width: 3 }, [8, 4, 5])).toEqual([8, 7, 3]);
    expect(infer('adaptiveAvgPool', {}, [8])).toEqual([['shape-rank', 'in']]);
    expect(infer('globalAvgPool', {}, [8, 7, 7])).toEqual([8]);
    expect(infer('globalAvgPool', {}, [8])).toEqual([['shape-rank', 'in']]);
  });

  it('of vectors', () => {
    expect(infer('flatten', {}, [8, 7, 7])).toEqual([392]);
    expect(infer('flatten', {}, [5])).toEqual([5]);
    expect(infer('dense', { units: 7 }, [392])).toEqual([7]);
    expect(infer('dense', {}, [8, 7, 7])).toEqual([['shape-rank', 'in']]);
    expect(infer('output', {}, [10])).toEqual([10]);
    expect(infer('output', {}, [1])).toEqual([1]);
    expect(infer('output', {}, [8, 1, 1])).toEqual([['shape-rank', 'in']]);
  });

  it('of merges', () => {
    expect(infer('add', {}, [8, 4, 4], [8, 4, 4])).toEqual([8, 4, 4]);
    expect(infer('add', { inputs: 3 }, [8, 4, 4], [8, 4, 4], [8, 2, 2])).toEqual([['shape-mismatch', 'in3']]);
    expect(infer('concat', {}, [8, 4, 4], [3, 4, 4])).toEqual([11, 4, 4]);
    expect(infer('concat', {}, [8], [3])).toEqual([11]);
    expect(infer('concat', {}, [8, 4, 4], [8, 4, 5])).toEqual([['shape-mismatch', 'in2']]);
    expect(infer('concat', {}, [8, 4, 4], [8])).toEqual([['shape-rank', 'in2']]);
  });

  it('of a transposed convolution: tf.nn.conv2d_transpose and torch.nn.ConvTranspose2d', () => {
    expect(infer('convTranspose2d', { filters: 8 }, [3, 5, 4])).toEqual([8, 10, 8]);
    expect(infer('convTranspose2d', { filters: 8, kernel: 2, stride: 3 }, [3, 5, 4])).toEqual([8, 15, 12]);
    expect(infer('convTranspose2d', { filters: 8, padding: 'valid' }, [3, 5, 4])).toEqual([8, 12, 10]);
    const explicit = { filters: 8, kernel: 3, stride: 3, padding: 'explicit', dilation: 2 } as const;
    expect(infer('convTranspose2d', { ...explicit, outputPadding: 2 }, [3, 5, 4])).toEqual([8, 17, 14]);
    expect(infer('convTranspose2d', { ...explicit, outputPadding: 3 }, [3, 5, 4])).toEqual([
      ['param-range', 'outputPadding'],
    ]);
    expect(infer('convTranspose2d', { ...explicit, padY: 9, groups: 2 }, [3, 5, 4])).toEqual([
      ['shape-empty', 'padding'],
      ['shape-mismatch', 'groups'],
    ]);
    const uneven = { padY: 1, padX: 0, asymmetric: true, padBottom: 0, padRight: 3 } as const;
    expect(infer('convTranspose2d', { ...explicit, ...uneven }, [3, 5, 4])).toEqual([8, 16, 11]);
    expect(infer('convTranspose2d', {}, [12])).toEqual([['shape-rank', 'in']]);
  });

  it('of enlarging and frames', () => {
    expect(infer('upsample', { factor: 3 }, [8, 5, 4])).toEqual([8, 15, 12]);
    expect(infer('upsample', {}, [8])).toEqual([['shape-rank', 'in']]);
    expect(infer('pad', { top: 0, bottom: 1, left: 2, right: 3 }, [8, 5, 4])).toEqual([8, 6, 9]);
    expect(infer('pad', { border: 'replicate', top: 9 }, [8, 5, 4])).toEqual([8, 15, 6]);
    expect(infer('pad', { border: 'reflect', top: 4, left: 3 }, [8, 5, 4])).toEqual([8, 10, 8]);
    expect(infer('pad', { border: 'reflect', top: 5, right: 4 }, [8, 5, 4])).toEqual([
      ['param-range', 'top'],
      ['param-range', 'right'],
    ]);
    expect(infer('pad', {}, [8])).toEqual([['shape-rank', 'in']]);
  });

  it('of Reshape: one size may follow from the others', () => {
    expect(infer('reshape', {}, [12])).toEqual([12, 1, 1]);
    expect(infer('reshape', { channels: 2, height: -1, width: 3 }, [4, 3, 5])).toEqual([2, 10, 3]);
    expect(infer('reshape', { to: 'vector' }, [4, 3, 5])).toEqual([60]);
    expect(infer('reshape', { to: 'vector', features: 59 }, [4, 3, 5])).toEqual([['shape-mismatch', 'in']]);
    expect(infer('reshape', { channels: 7 }, [4, 3, 5])).toEqual([['shape-mismatch', 'in']]);
    expect(infer('reshape', { channels: -1, height: 8 }, [4, 3, 5])).toEqual([['shape-mismatch', 'in']]);
    expect(infer('reshape', { width: -1, height: 0 }, [4, 3, 5])).toEqual([
      ['param-range', 'height'],
      ['param-range', 'width'],
    ]);
  });

  it('of products: whole tensors, gates of channels, pixels and the sample', () => {
    expect(infer('multiply', {}, [8, 5, 4], [8, 5, 4])).toEqual([8, 5, 4]);
    expect(infer('multiply', { inputs: 4 }, [8], [8, 5, 4], [1, 5, 4], [1, 1, 1])).toEqual([8, 5, 4]);
    expect(infer('multiply', {}, [8, 1, 1], [8, 5, 4])).toEqual([8, 5, 4]);
    expect(infer('multiply', {}, [8, 1, 1], [1, 5, 4])).toEqual([8, 5, 4]);
    expect(infer('multiply', {}, [8], [8])).toEqual([8]);
    expect(infer('multiply', {}, [8, 5, 4], [7])).toEqual([['shape-mismatch', 'in2']]);
    expect(infer('multiply', {}, [8, 1, 4], [8, 5, 4])).toEqual([['shape-mismatch', 'in1']]);
    expect(infer('multiply', {}, [8, 5, 1], [8, 1, 4])).toHaveLength(2);
  });

  it('of norms within a sample: something to normalize, and groups that divide the channels', () => {
    expect(infer('layerNorm', {}, [8, 4, 4])).toEqual([8, 4, 4]);
    expect(infer('layerNorm', {}, [8])).toEqual([8]);
    expect(infer('layerNorm', {}, [1])).toEqual([['batch-of-one', 'in']]);
    expect(infer('layerNorm', { over: 'eachPixel' }, [1, 4, 4])).toEqual([['batch-of-one', 'in']]);
    expect(infer('layerNorm', {}, [1, 4, 4])).toEqual([1, 4, 4]);
    expect(infer('groupNorm', {}, [16, 4, 4])).toEqual([16, 4, 4]);
    expect(infer('groupNorm', { groups: 5 }, [16, 4, 4])).toEqual([['shape-mismatch', 'groups']]);
    expect(infer('groupNorm', { groups: 16 }, [16, 4, 4])).toEqual([16, 4, 4]);
    expect(infer('groupNorm', { groups: 16 }, [16])).toEqual([['batch-of-one', 'in']]);
    expect(infer('instanceNorm', {}, [8, 4, 4])).toEqual([8, 4, 4]);
    expect(infer('instanceNorm', {}, [8])).toEqual([['shape-rank', 'in']]);
    expect(infer('instanceNorm', {}, [8, 1, 1])).toEqual([['batch-of-one', 'in']]);
    expect(infer('spatialDropout', {}, [8, 4, 4])).toEqual([8, 4, 4]);
    expect(infer('spatialDropout', {}, [8])).toEqual([['shape-rank', 'in']]);
    for (const kind of ['prelu', 'softmax']) {
      expect(infer(kind, {}, [8, 4, 5])).toEqual([8, 4, 5]);
      expect(infer(kind, {}, [8])).toEqual([8]);
    }
  });

  it('of the Input: grey or colour, nothing between', () => {
    expect(infer('input', { height: 5, width: 6, channels: 1 })).toEqual([1, 5, 6]);
    expect(infer('input', { channels: 2 })).toEqual([['param-range', 'channels']]);
  });
});

describe('parameters', () => {
  it('of a convolution: PyTorch’s layout and fans', () => {
    const params = { filters: 6, rectangular: true, kernelX: 5, groups: 2 };
    expect(parameters('conv2d', params, [4, 9, 9])).toEqual([
      {
        field: 'weights',
        dims: [6, 2, 3, 5],
        init: { kind: 'normal', deviation: Math.sqrt(2 / 30) },
        trainable: true,
        decayed: true,
      },
      { field: 'bias', dims: [6], init: { kind: 'constant', value: 0 }, trainable: true, decayed: false },
    ]);
  });

  it('of a transposed convolution: PyTorch’s layout and fans, a bias for each filter', () => {
    const params = { filters: 6, kernel: 3, rectangular: true, kernelX: 5, groups: 2 };
    expect(parameters('convTranspose2d', params, [4, 9, 9])).toEqual([
      {
        field: 'weights',
        dims: [4, 3, 3, 5],
        init: { kind: 'normal', deviation: Math.sqrt(2 / 45) },
        trainable: true,
        decayed: true,
      },
      { field: 'bias', dims: [6], init: { kind: 'constant', value: 0 }, trainable: true, decayed: false },
    ]);
  });

  it('of a Dense: the bias is drawn too with PyTorch’s initializer', () => {
    expect(parameters('dense', { units: 5, initializer: 'torchUniform' }, [20])).toMatchObject([
      { dims: [5, 20], init: { kind: 'uniform', bound: 1 / Math.sqrt(20) } },
      { dims: [5], init: { kind: 'uniform', bound: 1 / Math.sqrt(20) }, decayed: false },
    ]);
    expect(parameters('dense', { bias: false }, [20])).toHaveLength(1);
  });

  it('of a BatchNorm: both always there, trained by its switches, never decayed', () => {
    for (const [trainGamma, trainBeta] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      expect(parameters('batchNorm', { trainGamma, trainBeta }, [6, 4, 4])).toMatchObject([
        { field: 'gamma', dims: [6], init: { value: 1 }, trainable: trainGamma, decayed: false },
        { field: 'beta', dims: [6], init: { value: 0 }, trainable: trainBeta, decayed: false },
      ]);
    }
  });

  it('of norms within a sample: gamma 1 and beta 0 of each value or channel, as far as they are on', () => {
    const dimsOf = (kind: string, params: Params, shape: Shape): unknown =>
      block(kind)
        .parameters(completeParams(block(kind), params), [shape])
        .map(({ field, dims, init, decayed }) => [
          field,
          dims,
          init.kind === 'constant' && init.value,
          decayed,
        ]);
    const both = (dims: readonly number[]): unknown => [
      ['gamma', dims, 1, false],
      ['beta', dims, 0, false],
    ];
    expect(dimsOf('layerNorm', {}, [8, 4, 5])).toEqual(both([8, 4, 5]));
    expect(dimsOf('layerNorm', { affine: 'eachChannel' }, [8, 4, 5])).toEqual(both([8]));
    expect(dimsOf('layerNorm', { over: 'eachPixel' }, [8, 4, 5])).toEqual(both([8]));
    expect(dimsOf('layerNorm', {}, [9])).toEqual(both([9]));
    expect(dimsOf('groupNorm', {}, [8, 4, 5])).toEqual(both([8]));
    expect(dimsOf('instanceNorm', { beta: false }, [8, 4, 5])).toEqual([['gamma', [8], 1, false]]);
    expect(dimsOf('instanceNorm', { gamma: false, beta: false }, [8, 4, 5])).toEqual([]);
  });

  it('of a PReLU: slopes that weight decay leaves alone', () => {
    expect(parameters('prelu', {}, [8, 4, 5])).toEqual([
      {
        field: 'weights',
        dims: [8],
        init: { kind: 'constant', value: 0.25 },
        trainable: true,
        decayed: false,
      },
    ]);
    expect(parameters('prelu', { shared: true, initial: 0.1 }, [8])).toMatchObject([
      { dims: [1], init: { value: 0.1 } },
    ]);
  });

  it('presets are complete sets of the four switches', () => {
    for (const preset of Object.values(BATCH_NORM_PRESETS)) {
      expect(Object.keys(preset.switches).sort()).toEqual([
        'normalizeBy',
        'trainBeta',
        'trainGamma',
        'updateStatistics',
      ]);
      expect(checkParams(block('batchNorm'), preset.switches)).toEqual([]);
    }
  });
});

describe('checkParams', () => {
  it('tells unknown, mistyped and out-of-range values, each with what would do', () => {
    const params = {
      filters: 0,
      kernel: 2.5,
      stride: '2',
      padding: 'half',
      bias: 1,
      colour: 'red',
      groups: 1e9,
    };
    const problems = checkParams(block('conv2d'), params);
    expect(problems.map(({ code, param, repair }) => [code, param, repair])).toEqual([
      ['param-range', 'filters', 1],
      ['param-type', 'kernel', 3],
      ['param-type', 'stride', 1],
      ['param-type', 'padding', 'same'],
      ['param-type', 'bias', true],
      ['param-unknown', 'colour', undefined],
      ['param-range', 'groups', 65_536],
    ]);
  });

  it('keeps epsilon above 0, and repairs are valid themselves', () => {
    const [problem] = checkParams(block('batchNorm'), { epsilon: 0 });
    expect(problem).toMatchObject({ code: 'param-range', param: 'epsilon', repair: 1e-5 });
    expect(problem && inEnglish(problem.problem)).toBe(
      'has Epsilon 0, but it must be above 0 and at most 1.',
    );
    expect(checkParams(block('batchNorm'), { epsilon: -1 })[0]?.repair).toBe(1e-5);
  });

  it('knows no inherited names', () => {
    expect(checkParams(block('relu'), { constructor: 1 })).toMatchObject([{ code: 'param-unknown' }]);
  });
});

describe('initializers', () => {
  const initOf = (kind: string, params: Params, input: Shape): Initializer | undefined =>
    block(kind).parameters(completeParams(block(kind), params), [input])[0]?.init;

  it('get their own values, and an orthogonal kernel is a matrix of filters by values of one filter', () => {
    expect(initOf('conv2d', { filters: 6, initializer: 'orthogonal' }, [4, 9, 9])).toEqual({
      kind: 'orthogonal',
      rows: 6,
      columns: 36,
    });
    expect(
      initOf('dense', { initializer: 'truncatedNormal', initialDeviation: 0.5, initialValue: 3 }, [20]),
    ).toEqual({ kind: 'truncatedNormal', deviation: 0.5 });
    expect(initOf('dense', { initializer: 'constant', initialValue: 3 }, [20])).toEqual({
      kind: 'constant',
      value: 3,
    });
    expect(initOf('dense', { initializer: 'zeros', initialValue: 3 }, [20])).toEqual({
      kind: 'constant',
      value: 0,
    });
  });

  it('are all told apart by a help text of their own, the bad ones with the reason', () => {
    const spec = block('conv2d').params.initializer;
    if (spec?.type !== 'choice') throw new Error('no choice');
    const helps = spec.options.map((option) => option.help ?? '');
    expect(new Set(helps).size).toBe(spec.options.length);
    for (const { label, help } of spec.options) {
      if (label.includes('bad')) expect(help).toMatch(/^Wrong on purpose: .+\.$/);
    }
  });

  it('every one fills a block of its own size', () => {
    const spec = block('dense').params.initializer;
    if (spec?.type !== 'choice') throw new Error('no choice');
    for (const { value } of spec.options) {
      const numbers = Object.values(initOf('dense', { initializer: value }, [20]) ?? {}).slice(1);
      expect(numbers.length, value).toBeGreaterThan(0);
      expect(
        numbers.every((number) => typeof number === 'number' && number >= 0),
        value,
      ).toBe(true);
    }
  });
});

describe('the one line of a BatchNorm card', () => {
  it.each([
    [{}, 'decay 0.9'],
    [{ normalizeBy: 'stored' }, 'decay 0.9 · running stats'],
    [{ averaging: 'cumulative', renorm: true, ghostSize: 4 }, 'cumulative · renorm · groups of 4'],
    // Nothing is averaged, so showing a decay would mislead.
    [{ ...BATCH_NORM_PRESETS.frozen.switches }, 'running stats · no update'],
    [{ updateStatistics: false }, 'no update'],
  ] as const)('for %j is %j', (params, words) => {
    const norm = block('batchNorm');
    expect(norm.summary(completeParams(norm, params)).map(inEnglish).join(' · ')).toBe(words);
  });
});
