import { describe, expect, it } from 'vitest';
import { readLayerGraph } from './layerGraph.ts';
import { called, calledBefore, functional, layer, sequential, tensorOf } from './testing/configs.ts';

/** Names of the calls with the names of their inputs. */
function chain(config: unknown): readonly string[] {
  const { calls } = readLayerGraph(config);
  return calls.map(({ layer: { name }, inputs }) => {
    const from = inputs.map((input) =>
      'value' in input ? input.value : (calls[input.call]?.layer.name ?? '?'),
    );
    return `${name}(${from.join(', ')})`;
  });
}

const said = (config: unknown): string => {
  try {
    readLayerGraph(config);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
};

describe('the layers of a model', () => {
  it('follow one another in a Sequential model, also in the form of the first Keras', () => {
    const model = sequential([4, 4, 3], [layer('ReLU', { name: 'a' }), layer('ReLU', { name: 'b' })]);
    expect(chain(model)).toEqual(['input()', 'a(input)', 'b(a)']);
    const first = layer('ReLU', { name: 'a', batch_input_shape: [null, 4, 4, 3] });
    expect(chain({ class_name: 'Sequential', config: [first] })).toEqual(['input()', 'a(input)']);
  });

  it('come after their inputs in a Functional model, whatever the order in the file', () => {
    const layers = [
      called('sum', 'Add', {}, [[tensorOf('b'), tensorOf('a')]]),
      called('b', 'ReLU', {}, [tensorOf('a')]),
      called('a', 'ReLU', {}, [tensorOf('input')]),
      called('unused', 'ReLU', {}, [tensorOf('a')]),
    ];
    expect(chain(functional([4, 4, 3], layers, 'sum'))).toEqual(['input()', 'a(input)', 'b(a)', 'sum(b, a)']);
  });

  it('are read in the form of Keras 2', () => {
    const layers = [calledBefore('a', 'ReLU', {}, 'input'), calledBefore('sum', 'Add', {}, 'a', 'input')];
    expect(chain(functional([4, 4, 3], layers, 'sum'))).toEqual(['input()', 'a(input)', 'sum(a, input)']);
  });

  it('of nested models are dissolved, with their places in the file', () => {
    const inner = sequential([4, 4, 3], [layer('Conv2D', { name: 'c1' }), layer('Conv2D', { name: 'c2' })]);
    const base = { ...inner, name: 'base', inbound_nodes: [{ args: [tensorOf('c0')], kwargs: {} }] };
    const model = functional([4, 4, 3], [called('c0', 'Conv2D', {}, [tensorOf('input')]), base], 'base');
    expect(chain(model)).toEqual(['input()', 'c0(input)', 'c1(c0)', 'c2(c1)']);
    const places = readLayerGraph(model).calls.map(({ layer: { place } }) => [place.path, place.topLayer]);
    expect(places.slice(1)).toEqual([
      ['layers/conv2d', 'c0'],
      ['layers/sequential/layers/conv2d', 'base'],
      ['layers/sequential/layers/conv2d_1', 'base'],
    ]);
  });

  it('inherit that a model around them is frozen', () => {
    const inner = {
      class_name: 'Sequential',
      config: { name: 'base', trainable: false, layers: [layer('ReLU', { name: 'a' })] },
    };
    const model = {
      class_name: 'Sequential',
      config: { layers: [layer('InputLayer', { name: 'in', batch_shape: [null, 2, 2, 1] }), inner] },
    };
    expect(readLayerGraph(model).calls[1]?.layer.trainable).toBe(false);
  });
});

describe('a damaged description is refused:', () => {
  const relu = (name: string, from: string): object => called(name, 'ReLU', {}, [tensorOf(from)]);
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['no object', 'text', 'kerasFiles.noLayers'],
    ['a class of its own', { class_name: 'MyModel', config: {} }, 'kerasFiles.modelKind'],
    ['layers that are no list', { class_name: 'Sequential', config: { layers: 1 } }, 'kerasFiles.noLayers'],
    ['no layers', { class_name: 'Sequential', config: { layers: [] } }, 'kerasFiles.noLayers'],
    ['a circle', functional([2, 2, 1], [relu('a', 'b'), relu('b', 'a')] as never, 'b'), 'kerasFiles.circle'],
    ['an unknown input', functional([2, 2, 1], [relu('a', 'ghost')] as never, 'a'), 'kerasFiles.inputs'],
    [
      'two layers of one name',
      functional([2, 2, 1], [relu('a', 'input'), relu('a', 'input')] as never, 'a'),
      'kerasFiles.sameNames',
    ],
    [
      'a layer that is called twice',
      functional(
        [2, 2, 1],
        [{ ...relu('a', 'input'), inbound_nodes: [{ args: [] }, { args: [] }] }] as never,
        'a',
      ),
      'kerasFiles.shared',
    ],
    [
      'a second output',
      functional(
        [2, 2, 1],
        [
          called('a', 'ReLU', {}, [
            { class_name: '__keras_tensor__', config: { keras_history: ['input', 0, 1] } },
          ]),
        ],
        'a',
      ),
      'kerasFiles.secondOutput',
    ],
    [
      'a long name',
      functional([2, 2, 1], [relu('x'.repeat(500), 'input')] as never, 'x'),
      'kerasFiles.longName',
    ],
  ];
  it.each(cases)('%s', (_, config, key) => {
    expect(said(config)).toBe(key);
  });

  it('models within models, without exhausting the stack', () => {
    let config: unknown = sequential([2, 2, 1], [layer('ReLU')]);
    for (let depth = 0; depth < 3000; depth += 1)
      config = { class_name: 'Sequential', config: { name: 'm', layers: [config] } };
    expect(said(config)).toBe('kerasFiles.nesting');
    const model = {
      class_name: 'Sequential',
      config: { layers: [layer('InputLayer', { batch_shape: [null, 2, 2, 1] }), config] },
    };
    expect(said(model)).toBe('kerasFiles.nesting');
  });
});
