import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../words/catalogues.ts';
import { blocks, NOTHING, read, reason, shapesOf } from './testing/readModel.ts';
import { called, functional, layer, sequential, tensorOf } from './testing/configs.ts';
import { newLayout } from './testing/memoryFile.ts';

const HEAD = [layer('GlobalAveragePooling2D'), layer('Dense', { units: 3 })];
const image = (...layers: readonly ReturnType<typeof layer>[]): unknown =>
  sequential([8, 8, 3], [...layers, ...HEAD]);

describe('convolutions', () => {
  it('keep kernel, stride, dilation, groups and padding', () => {
    const network = read(
      image(
        layer('Conv2D', { filters: 6, kernel_size: [3, 5], strides: [2, 2], padding: 'same', groups: 3 }),
        layer('Conv2D', { filters: 4, kernel_size: 2, dilation_rate: [2, 2], use_bias: false }),
      ),
    );
    const names = ['filters', 'kernel', 'kernelX', 'stride', 'dilation', 'groups', 'padding', 'bias'];
    expect(blocks(network, ...names).slice(1, 3)).toEqual([
      ['conv2d', 6, 3, 5, 2, 1, 3, 'same', true],
      ['conv2d', 4, 2, 3, 1, 2, 1, 'valid', false],
    ]);
  });

  it('take over the zero padding before them, uneven too', () => {
    const network = read(
      image(
        layer('ZeroPadding2D', {
          padding: [
            [0, 1],
            [2, 3],
          ],
        }),
        layer('DepthwiseConv2D', { kernel_size: [3, 3], depth_multiplier: 2 }),
      ),
    );
    const names = ['filters', 'groups', 'padding', 'padY', 'padBottom', 'padX', 'padRight'];
    expect(blocks(network, ...names)[1]).toEqual(['conv2d', 6, 3, 'explicit', 0, 1, 2, 3]);
  });

  it('leave a Pad block where something else reads the padded image', () => {
    const network = read(image(layer('ZeroPadding2D', { padding: [1, 2] }), layer('MaxPooling2D')));
    expect(blocks(network, 'top', 'bottom', 'left', 'right')[1]).toEqual(['pad', 1, 1, 2, 2]);
  });

  it('that are separable become two', () => {
    const network = read(
      image(layer('SeparableConv2D', { filters: 5, kernel_size: 3, depth_multiplier: 2 })),
    );
    expect(blocks(network, 'filters', 'kernel', 'groups', 'bias').slice(1, 3)).toEqual([
      ['conv2d', 6, 3, 3, false],
      ['conv2d', 5, 1, 1, true],
    ]);
  });

  it('that are transposed and smaller than their stride have the output of Keras', () => {
    const network = read(image(layer('Conv2DTranspose', { filters: 2, kernel_size: 2, strides: 3 })));
    expect(shapesOf(network)[1]).toEqual([2, 24, 24]);
  });

  it('with a stride of their own in each direction are refused', () => {
    const config = image(layer('Conv2D', { filters: 1, kernel_size: 3, strides: [1, 2] }));
    expect(reason(() => read(config))).toBe(
      'model-unsupported: m.keras cannot be brought in: the layer conv2d1 is a Conv2D with strides 1 × 2, which NormLab has no block for.',
    );
  });
});

describe('activations', () => {
  it.each([
    [layer('ReLU', { max_value: 6 }), ['relu6']],
    [layer('ReLU', { max_value: null, negative_slope: 0.1 }), ['leakyRelu', 0.1]],
    [layer('LeakyReLU'), ['leakyRelu', 0.3]],
    [layer('LeakyReLU', { alpha: 0.2 }), ['leakyRelu', 0.2]],
    [layer('ELU', { alpha: 0.5 }), ['elu', 0.5]],
    [layer('GELU', { approximate: true }), ['gelu', 'tanh']],
    [layer('Activation', { activation: 'swish' }), ['silu']],
    [layer('Activation', { activation: 'hard_sigmoid' }), ['hardSigmoid']],
    [layer('Activation', { activation: 'hard_silu' }), ['hardSwish']],
    [layer('Activation', { activation: { class_name: 'function', config: 'tanh' } }), ['tanh']],
    [
      layer('Activation', { activation: { class_name: 'LeakyReLU', config: { negative_slope: 0.4 } } }),
      ['leakyRelu', 0.4],
    ],
    [layer('Softmax'), ['softmax']],
  ])('%j', (entry, expected) => {
    expect(blocks(read(image(entry)), 'alpha', 'form')[1]).toEqual(expected);
  });

  it('refuses the hard sigmoid of Keras 2, which is another function', () => {
    const config = image(layer('Activation', { activation: 'hard_sigmoid' }));
    expect(reason(() => read(config, NOTHING, '2.11.0'))).toContain('"hard_sigmoid"');
  });

  it('drops a softmax at the end only, with a note', () => {
    const config = sequential(
      [8, 8, 1],
      [layer('Flatten'), layer('Dense', { units: 4, activation: 'softmax' })],
    );
    const network = read(config);
    expect(blocks(network)).toEqual([['input'], ['flatten'], ['dense'], ['output']]);
    expect(network.notes.map(inEnglish)[0]).toBe(
      'The softmax at the end (dense2) was left out: the loss of NormLab takes logits.',
    );
  });

  it('recognizes MobileNetV3’s hard sigmoid of x + 3, ReLU6 and 1 / 6', () => {
    const network = read(
      functional(
        [8, 8, 3],
        [
          called('conv', 'Conv2D', { filters: 4, kernel_size: 1 }, [tensorOf('input')]),
          called('add', 'Add', {}, [tensorOf('conv'), 3]),
          called('re', 'ReLU', { max_value: 6 }, [tensorOf('add')]),
          called('mul', 'Multiply', {}, [tensorOf('re'), 1 / 6]),
          called('gap', 'GlobalAveragePooling2D', {}, [tensorOf('mul')]),
        ],
        'gap',
      ),
    );
    expect(blocks(network)).toEqual([['input'], ['conv2d'], ['hardSigmoid'], ['globalAvgPool'], ['output']]);
  });
});

describe('batch normalization', () => {
  const names = [
    'decay',
    'epsilon',
    'variance',
    'normalizeBy',
    'updateStatistics',
    'trainGamma',
    'trainBeta',
  ];
  const bn = (config: object, version?: string): unknown =>
    blocks(read(image(layer('BatchNormalization', { ...config })), NOTHING, version), ...names)[1];

  it('keeps momentum and epsilon, and Keras’ estimator', () => {
    expect(bn({ momentum: 0.9, epsilon: 2e-3, axis: [3] })).toEqual([
      'batchNorm',
      0.9,
      2e-3,
      'biased',
      'batch',
      true,
      true,
      true,
    ]);
    expect(bn({}, '2.11.0')).toEqual(['batchNorm', 0.99, 1e-3, 'unbiased', 'batch', true, true, true]);
  });

  it('is frozen where the layer is', () => {
    expect(bn({ trainable: false })).toEqual([
      'batchNorm',
      0.99,
      1e-3,
      'biased',
      'stored',
      false,
      false,
      false,
    ]);
  });

  it('gives constants for a missing gamma, and the other tensors in order', () => {
    const config = image(layer('BatchNormalization', { scale: false }));
    const network = read(config, newLayout({ batch_normalization: [[3], [3], [3]] }));
    const id = 'batchnormalization1';
    expect(network.values.get(`${id}.gamma`)?.read()).toEqual(new Float32Array([1, 1, 1]));
    expect(network.values.get(`${id}.beta`)?.from).toEqual(['layers/batch_normalization/vars/0']);
    expect(network.values.get(`${id}.variance`)?.from).toEqual(['layers/batch_normalization/vars/2']);
    expect(bn({ scale: false })).toEqual(['batchNorm', 0.99, 1e-3, 'biased', 'batch', true, false, true]);
  });

  it('takes renormalization without a ramp', () => {
    const config = { renorm: true, renorm_clipping: { rmax: 3, rmin: 1 / 3, dmax: 5 } };
    const network = read(image(layer('BatchNormalization', config)));
    expect(blocks(network, 'renorm', 'renormMaxR', 'renormMaxD', 'renormStart', 'renormEndR')[1]).toEqual([
      'batchNorm',
      true,
      3,
      5,
      0,
      0,
    ]);
  });

  it('refuses another axis than the channels', () => {
    expect(reason(() => bn({ axis: 1 }))).toContain('a BatchNormalization with axis 1');
  });
});

describe('frozen models', () => {
  it('normalize by running statistics where the model is called with training=False', () => {
    const inner = sequential([8, 8, 3], [layer('BatchNormalization', { name: 'bn' })]);
    const network = read(
      functional(
        [8, 8, 3],
        [
          {
            ...inner,
            name: 'base',
            inbound_nodes: [{ args: [tensorOf('input')], kwargs: { training: false } }],
          },
          called('drop', 'Dropout', { rate: 0.5 }, [tensorOf('base')], { training: false }),
          called('gap', 'GlobalAveragePooling2D', {}, [tensorOf('drop')]),
          called('fc', 'Dense', { units: 2 }, [tensorOf('gap')]),
        ],
        'fc',
      ),
    );
    expect(blocks(network, 'normalizeBy', 'trainGamma', 'rate')).toEqual([
      ['input'],
      ['batchNorm', 'stored', true],
      ['dropout', 0.5],
      ['globalAvgPool'],
      ['dense'],
      ['output'],
    ]);
  });
});

describe('merges and dropout', () => {
  it('merges more than eight inputs in groups', () => {
    const all = Array.from({ length: 10 }, () => tensorOf('input'));
    const network = read(
      functional(
        [8, 8, 3],
        [
          called('cat', 'Concatenate', { axis: -1 }, [all]),
          called('gap', 'GlobalAveragePooling2D', {}, [tensorOf('cat')]),
        ],
        'gap',
      ),
    );
    expect(blocks(network, 'inputs').slice(1, 3)).toEqual([
      ['concat', 8],
      ['concat', 3],
    ]);
  });

  it('tells dropout of values, channels and samples apart', () => {
    const network = read(
      image(
        layer('Dropout', { rate: 0.1 }),
        layer('SpatialDropout2D', { rate: 0.2 }),
        layer('Dropout', { rate: 0.3, noise_shape: [null, 1, 1, 1] }),
        layer('GaussianNoise', { stddev: 1 }),
      ),
    );
    expect(blocks(network, 'rate').slice(1, 4)).toEqual([
      ['dropout', 0.1],
      ['spatialDropout', 0.2],
      ['stochasticDepth', 0.3],
    ]);
    expect(network.notes.map(inEnglish)[0]).toContain('GaussianNoise');
  });
});

describe('operations that a block has as a setting', () => {
  const square = (side: number): readonly (readonly number[])[] => [
    [0, 0],
    [side, 0],
    [0, side],
    [0, 0],
  ];
  const operation = (name: string, width: number, mode: string, value: number | null, from: string) =>
    called(name, 'Pad', { pad_width: square(width), mode }, [tensorOf(from)], {
      ...(value === null ? {} : { constant_values: value }),
    });
  const padded = (mode: string, width: number, value: number | null = null) =>
    functional(
      [8, 8, 3],
      [
        operation('pad', width, mode, value, 'input'),
        called('max', 'MaxPooling2D', { pool_size: 3, strides: 1 }, [tensorOf('pad')]),
        called('gap', 'GlobalAveragePooling2D', {}, [tensorOf('max')]),
      ],
      'gap',
    );

  it('pad with a value, a mirror image or the edge', () => {
    const of = (...asked: Parameters<typeof padded>) =>
      blocks(read(padded(...asked)), 'border', 'value', 'top')[1];
    expect(of('constant', 2, 1.5)).toEqual(['pad', 'fill', 1.5, 2]);
    expect(of('reflect', 2)).toEqual(['pad', 'reflect', 0, 2]);
    expect(of('symmetric', 1)).toEqual(['pad', 'replicate', 0, 1]);
    expect(reason(() => of('symmetric', 2))).toMatch(/^model-unsupported: .*pad_width/);
    expect(reason(() => of('wrap', 1))).toMatch(/^model-unsupported: .*mode wrap/);
  });

  it('pad a maximum with values that are never one', () => {
    const network = read(padded('constant', 2, -3.4028234663852886e38));
    expect(blocks(network, 'padding', 'pad', 'padLeft', 'padBottom', 'padRight')[1]).toEqual([
      ...['maxPool', 'explicit'],
      ...[2, 0, 0, 2],
    ]);
  });

  it('cut a transposed convolution', () => {
    const cropping = [
      [1, 0],
      [0, 2],
    ];
    const config = { filters: 2, kernel_size: 3, strides: 2, output_padding: [0, 1] };
    const network = read(image(layer('Conv2DTranspose', config), layer('Cropping2D', { cropping })));
    expect(blocks(network, 'outputPadding', 'padY', 'padX', 'padBottom', 'padRight')[1]).toEqual([
      ...['convTranspose2d', 1, 1, 0, 1, 2],
    ]);
    expect(shapesOf(network)[1]).toEqual([2, 16, 16]);
    expect(reason(() => read(image(layer('Cropping2D', { cropping }))))).toMatch(
      /^model-unsupported: .*cropping/,
    );
  });

  it('are refused where a cut convolution is also read whole', () => {
    const network = functional(
      [8, 8, 3],
      [
        called('up', 'Conv2DTranspose', { filters: 2, kernel_size: 3 }, [tensorOf('input')]),
        called('crop', 'Cropping2D', { cropping: 1 }, [tensorOf('up')]),
        called('whole', 'GlobalAveragePooling2D', {}, [tensorOf('up')]),
        called('part', 'GlobalAveragePooling2D', {}, [tensorOf('crop')]),
        called('sum', 'Add', {}, [[tensorOf('whole'), tensorOf('part')]]),
      ],
      'sum',
    );
    expect(reason(() => read(network))).toMatch(/^model-unsupported: /);
  });

  it('reshape an image whose channels were put first', () => {
    const network = read(
      image(
        layer('Permute', { dims: [3, 1, 2] }),
        layer('Reshape', { target_shape: [12, 4, 4] }),
        layer('Permute', { dims: [2, 3, 1] }),
      ),
    );
    expect(shapesOf(network).slice(0, 2)).toEqual([
      [3, 8, 8],
      [12, 4, 4],
    ]);
    const open = image(layer('Permute', { dims: [3, 1, 2] }), layer('ReLU'));
    expect(reason(() => read(open))).toMatch(/^model-unsupported: .*Permute/);
  });

  it('average to a size, and approximate GELU', () => {
    const network = read(
      image(layer('AdaptiveAveragePooling2D', { output_size: [3, 2] }), layer('Gelu', { approximate: true })),
    );
    expect(blocks(network, 'height', 'width', 'form').slice(1, 3)).toEqual([
      ['adaptiveAvgPool', 3, 2],
      ['gelu', 'tanh'],
    ]);
  });
});
