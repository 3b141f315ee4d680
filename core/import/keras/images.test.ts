import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../words/catalogues.ts';
import type { H5Group } from './h5Group.ts';
import { blocks, NOTHING, read, reason } from './testing/readModel.ts';
import { called, calledBefore, functional, layer, sequential, tensorOf } from './testing/configs.ts';
import { memoryTensor, newLayout } from './testing/memoryFile.ts';

/** A file with one layer that has these tensors. */
function withVars(name: string, vars: H5Group): H5Group {
  const holder: H5Group = { ...NOTHING, groups: new Map([['vars', vars]]) };
  const layers: H5Group = { ...NOTHING, groups: new Map([[name, holder]]) };
  return { ...NOTHING, groups: new Map([['layers', layers]]) };
}

const HEAD = [layer('GlobalAveragePooling2D'), layer('Dense', { units: 3 })];
const image = (...layers: readonly ReturnType<typeof layer>[]): unknown =>
  sequential([8, 8, 3], [...layers, ...HEAD]);

describe('images and vectors', () => {
  it('permutes the Dense behind a Flatten, and what is between', () => {
    const network = read(
      sequential(
        [1, 2, 3],
        [
          layer('Flatten'),
          layer('BatchNormalization', { name: 'bn' }),
          layer('Dense', { name: 'fc', units: 1 }),
        ],
      ),
      newLayout({ batch_normalization: [[6], [6], [6], [6]], dense: [[6, 1], [1]] }),
    );
    // File: pixel 0 has channels 0 to 2, pixel 1 has 3 to 5. Ours: channel 0 of both pixels first.
    const ours = new Float32Array([0, 3, 1, 4, 2, 5]);
    expect(network.values.get('fc.weights')).toMatchObject({ dims: [1, 6], transposed: true });
    expect(network.values.get('fc.weights')?.read()).toEqual(ours);
    expect(network.values.get('bn.mean')?.read()).toEqual(ours);
  });

  it('transposes kernels', () => {
    const network = read(
      image(layer('Conv2D', { name: 'conv', filters: 2, kernel_size: [1, 2] })),
      newLayout({ conv2d: [[1, 2, 3, 2], [2]], dense: [[2, 3], [3]] }),
    );
    // [kH, kW, in, out] counts up: element (0, x, i, o) is 6 x + 2 i + o. Ours is [out, in, kH, kW].
    const expected = new Float32Array([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
    expect(network.values.get('conv.weights')?.read()).toEqual(expected);
    expect(network.values.get('dense3.weights')?.read()).toEqual(new Float32Array([0, 3, 1, 4, 2, 5]));
    expect(network.unexpected).toEqual([]);
  });

  it('reads models with channels first, whose Flatten may keep that order', () => {
    const config = (flatten: object): unknown =>
      sequential(
        [3, 1, 2],
        [
          layer('Conv2D', { filters: 3, kernel_size: 1, data_format: 'channels_first' }),
          layer('Flatten', { ...flatten }),
          layer('Dense', { name: 'fc', units: 1 }),
        ],
      );
    const weights = newLayout({ dense: [[6, 1], [1]] });
    const plain = read(config({}), weights).values.get('fc.weights')?.read();
    expect(plain).toEqual(new Float32Array([0, 1, 2, 3, 4, 5]));
    const permuted = read(config({ data_format: 'channels_first' }), weights)
      .values.get('fc.weights')
      ?.read();
    expect(permuted).toEqual(new Float32Array([0, 3, 1, 4, 2, 5]));
  });

  it('turns a Dense on an image into a convolution of one pixel', () => {
    const network = read(
      image(layer('Dense', { name: 'mlp', units: 4 })),
      newLayout({ dense: [[3, 4], [4]] }),
    );
    expect(blocks(network, 'kernel', 'filters')[1]).toEqual(['conv2d', 1, 4]);
    expect(network.values.get('mlp.weights')?.dims).toEqual([4, 3, 1, 1]);
  });

  it('takes 224 × 224 where the size is open, and a grey image for 784 values', () => {
    const open = read(sequential([null, null, 3], HEAD));
    expect(blocks(open, 'height', 'width', 'channels')[0]).toEqual(['input', 224, 224, 3]);
    const flat = read(sequential([784], [layer('Dense', { units: 2 })]));
    expect(blocks(flat, 'height', 'channels').slice(0, 3)).toEqual([
      ['input', 28, 1],
      ['flatten'],
      ['dense'],
    ]);
    expect(flat.notes.map(inEnglish)[0]).toContain('28 × 28');
  });

  it('reshapes to a gate and back', () => {
    const network = read(
      functional(
        [8, 8, 3],
        [
          called('gap', 'GlobalAveragePooling2D', {}, [tensorOf('input')]),
          called('gate', 'Reshape', { target_shape: [1, 1, 3] }, [tensorOf('gap')]),
          called('mul', 'Multiply', {}, [[tensorOf('input'), tensorOf('gate')]]),
          called('gap2', 'GlobalAveragePooling2D', { keepdims: true }, [tensorOf('mul')]),
          called('flat', 'Reshape', { target_shape: [-1] }, [tensorOf('gap2')]),
        ],
        'flat',
      ),
    );
    const kinds = [
      'input',
      'globalAvgPool',
      'reshape',
      'multiply',
      'globalAvgPool',
      'reshape',
      'flatten',
      'output',
    ];
    expect(blocks(network)).toEqual(kinds.map((kind) => [kind]));
  });
});

describe('scaling of the input', () => {
  it('composes to mean and deviation of bytes', () => {
    const network = read(
      image(
        layer('Rescaling', { scale: 1 / 255 }),
        layer('Normalization', { axis: -1, mean: [0.4, 0.5, 0.6], variance: [0.04, 0.09, 0.25] }),
        layer('Rescaling', { scale: [2, 2, 2], offset: 1 }),
        layer('Conv2D', { filters: 2, kernel_size: 1 }),
      ),
    );
    const { mean = [], deviation = [] } = network.preprocessing ?? {};
    // 2 (x / 255 - m) / s + 1 = (x - 255 (m - s / 2)) / (255 s / 2)
    [0.4 - 0.1, 0.5 - 0.15, 0.6 - 0.25].forEach((each, i) => expect(mean[i]).toBeCloseTo(255 * each, 8));
    [0.1, 0.15, 0.25].forEach((each, i) => expect(deviation[i]).toBeCloseTo(255 * each, 8));
  });

  it('takes the numbers of a Normalization from the file', () => {
    const config = image(
      layer('Normalization', { axis: [3] }),
      layer('Conv2D', { filters: 2, kernel_size: 1 }),
    );
    const tensors = {
      0: memoryTensor('mean', [3]),
      1: memoryTensor('variance', [3], [1, 4, 16]),
      2: memoryTensor('count', []),
    };
    const vars: H5Group = { ...NOTHING, tensors: new Map(Object.entries(tensors)) };
    const network = read(config, withVars('normalization', vars));
    expect(network.preprocessing).toEqual({ mean: [0, 1, 2], deviation: [1, 2, 4] });
    expect(network.unexpected).toEqual([]);
  });

  it('is null with a note where no layer scales', () => {
    const network = read(image());
    expect(network.preprocessing).toBeNull();
    expect(network.notes.map(inEnglish)[0]).toContain('does not say how images were prepared');
  });

  it('reads operations with numbers, also those of TensorFlow', () => {
    const config = functional(
      [8, 8, 3],
      [
        {
          ...calledBefore('div', 'TFOpLambda', { function: 'math.truediv' }, 'input'),
          inbound_nodes: [['input', 0, 0, { y: 127.5, name: null }]],
        },
        called('sub', 'Subtract', {}, [tensorOf('div'), 1]),
        calledBefore('gap', 'GlobalAveragePooling2D', {}, 'sub'),
      ],
      'gap',
    );
    expect(read(config).preprocessing).toEqual({
      mean: [127.5, 127.5, 127.5],
      deviation: [127.5, 127.5, 127.5],
    });
  });

  it('is refused in the middle of the network', () => {
    const config = image(layer('MaxPooling2D'), layer('Rescaling', { scale: 2 }));
    expect(reason(() => read(config))).toContain('scales values in the middle');
  });
});
