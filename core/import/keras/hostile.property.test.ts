import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../diagnostics/appError.ts';
import { called, functional, layer, sequential, tensorOf } from './testing/configs.ts';
import { newLayout } from './testing/memoryFile.ts';
import { read, reason } from './testing/readModel.ts';

const WEIGHTS = newLayout({
  conv2d: [[3, 3, 3, 4], [4]],
  batch_normalization: [[4], [4], [4], [4]],
  dense: [[4, 2], [2]],
});

const MODELS: readonly unknown[] = [
  sequential(
    [8, 8, 3],
    [
      layer('Rescaling', { scale: 1 / 255, offset: 0 }),
      layer('Conv2D', {
        filters: 4,
        kernel_size: [3, 3],
        strides: [1, 1],
        padding: 'same',
        activation: 'relu',
      }),
      layer('BatchNormalization', {
        axis: [-1],
        momentum: 0.99,
        epsilon: 1e-3,
        renorm: true,
        renorm_clipping: {},
      }),
      layer('PReLU', { shared_axes: [1, 2] }),
      layer('LayerNormalization', { axis: -1 }),
      layer('ZeroPadding2D', {
        padding: [
          [0, 1],
          [0, 1],
        ],
      }),
      layer('MaxPooling2D', { pool_size: [2, 2], strides: null, padding: 'valid' }),
      layer('Dropout', { rate: 0.2, noise_shape: [null, 1, 1, 1] }),
      layer('UpSampling2D', { size: [2, 2] }),
      layer('GlobalAveragePooling2D', { keepdims: true }),
      layer('Reshape', { target_shape: [-1] }),
      layer('Dense', { units: 2, activation: { class_name: 'function', config: 'softmax' } }),
    ],
  ),
  functional(
    [8, 8, 3],
    [
      called('c', 'SeparableConv2D', { filters: 4, kernel_size: 3 }, [tensorOf('input')]),
      called('plus', 'Add', {}, [tensorOf('c'), 3]),
      called('re', 'ReLU', { max_value: 6 }, [tensorOf('plus')]),
      called('mul', 'Multiply', {}, [tensorOf('re'), 1 / 6]),
      called('cat', 'Concatenate', { axis: -1 }, [[tensorOf('mul'), tensorOf('c')]]),
      called('flat', 'Flatten', { data_format: 'channels_last' }, [tensorOf('cat')]),
      called('fc', 'Dense', { units: 2 }, [tensorOf('flat')]),
    ],
    'fc',
  ),
];

type Path = readonly (string | number)[];

/** Every place of a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]))];
}

function replaced(value: unknown, path: Path, put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  if (Array.isArray(value))
    return value.map((each: unknown, at) => (String(at) === key ? replaced(each, rest, put) : each));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, put) };
}

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1e9,
    2 ** 60,
    1e300,
    -0.5,
    '',
    'same',
    true,
    [],
    {},
    [[]],
    [1e9, 1e9],
    ['x', 0, 0],
    '__proto__',
  ),
  fc.jsonValue(),
);

/** Reads the model; anything but an `AppError` fails the test. */
function readOrRefuse(config: unknown): string {
  try {
    return read(config, WEIGHTS).kind;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('descriptions with strange values', () => {
  it('are read, or refused with a sentence', () => {
    const places = MODELS.flatMap((model) => pathsOf(model).map((path) => [model, path] as const));
    const change = fc.tuple(fc.constantFrom(...places), strange);
    fc.assert(
      fc.property(change, ([[model, path], put]) => {
        expect(['network', 'model-invalid', 'model-unsupported']).toContain(
          readOrRefuse(replaced(model, path, put)),
        );
      }),
      { numRuns: 600 },
    );
  });

  it('are refused when they are any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (config) => {
        expect(readOrRefuse(config)).not.toBe('network');
      }),
      { numRuns: 300 },
    );
  });
});

describe('huge numbers', () => {
  const image = (...layers: readonly ReturnType<typeof layer>[]): unknown => sequential([8, 8, 3], layers);
  it.each([
    ['filters', layer('Conv2D', { filters: 1e9, kernel_size: 3 })],
    ['a kernel', layer('Conv2D', { filters: 1, kernel_size: 2 ** 40 })],
    ['units', layer('Dense', { units: 1e12 })],
    ['padding', layer('ZeroPadding2D', { padding: 1e9 })],
    ['a target shape', layer('Reshape', { target_shape: [2 ** 50, 1, 1] })],
    ['groups', layer('GroupNormalization', { groups: 2 ** 52 })],
    ['factors', layer('UpSampling2D', { size: 1e8 })],
  ])('%s are refused before anything is allocated', (_, entry) => {
    expect(reason(() => read(image(entry, layer('ReLU'))))).toMatch(/^model-unsupported/);
  });

  it('sizes of the input are refused', () => {
    expect(reason(() => read(sequential([1e9, 1e9, 3], [layer('ReLU')])))).toMatch(/^model-unsupported/);
  });

  it('more layers than a model may have are refused', () => {
    const layers = Array.from({ length: 6000 }, () => layer('ReLU'));
    expect(reason(() => read(image(...layers)))).toContain('more than 5000 layers');
  });
});
