import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { exportOnnx } from './exportOnnx.ts';
import { everyFoldCase, everyImageBlock, everyPhotoBlock, everyResizingBlock } from './testing/networks.ts';
import { randomModel } from './testing/randomModel.ts';

/** A reader built from the field numbers of onnx.proto, independent of the writer's table. */
const { nested } = {
  nested: {
    Model: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        graph: { type: 'Graph', id: 7 },
        opsetImport: { rule: 'repeated', type: 'Opset', id: 8 },
        metadataProps: { rule: 'repeated', type: 'Entry', id: 14 },
      },
    },
    Opset: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Graph: {
      fields: {
        node: { rule: 'repeated', type: 'Node', id: 1 },
        initializer: { rule: 'repeated', type: 'Tensor', id: 5 },
      },
    },
    Node: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'Attribute', id: 5 },
      },
    },
    Attribute: {
      // Fields of a oneof are read even when they are 0.
      oneofs: { scalar: { oneof: ['f', 'i', 's'] } },
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'string', id: 4 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    Tensor: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
  },
} satisfies protobuf.INamespace;
const modelType = protobuf.Root.fromJSON({ nested }).lookupType('Model');

interface ReadNode {
  name: string;
  opType: string;
  input: string[];
  output: string[];
  attribute?: { name: string; f?: number; i?: number; s?: string; ints?: number[] }[];
}
interface ReadModel {
  irVersion: number;
  opsetImport: { domain?: string; version: number }[];
  metadataProps: { key: string; value: string }[];
  graph: { node: ReadNode[]; initializer: { name: string; dims?: number[]; rawData: Uint8Array }[] };
}
function read(bytes: Uint8Array): ReadModel {
  return modelType.toObject(modelType.decode(bytes), { longs: Number }) as ReadModel;
}
function nodesOf(bytes: Uint8Array, opType: string): ReadNode[] {
  return read(bytes).graph.node.filter((node) => node.opType === opType);
}
const attributesOf = (node: ReadNode | undefined): Record<string, unknown> =>
  Object.fromEntries(
    (node?.attribute ?? []).map(({ name, ...held }) => [name, held.f ?? held.i ?? held.s ?? held.ints]),
  );

const small = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 6, 6], classes: 3 }));

describe('exportOnnx', () => {
  it('writes IR 8, opset 17 and one chain of nodes named after the blocks', () => {
    const model = read(exportOnnx(small, { foldBatchNorm: false }));
    expect([model.irVersion, model.opsetImport]).toEqual([8, [{ version: 17 }]]);
    expect(model.graph.node.map((node) => `${node.name}: ${node.opType} -> ${node.output.join()}`)).toEqual([
      'input.center: Sub -> input.center.out',
      'input: Mul -> input.out',
      'conv1: Conv -> conv1.out',
      'bn1: BatchNormalization -> bn1.out',
      'relu1: Relu -> relu1.out',
      'pool1: MaxPool -> pool1.out',
      'flatten: Flatten -> flatten.out',
      'dense1: Gemm -> logits',
      'output.softmax: Softmax -> probabilities',
    ]);
  });

  it('freezes BatchNorm: training_mode 0 written out, one output, momentum = decay', () => {
    const norms = nodesOf(
      exportOnnx(randomModel(everyImageBlock()), { foldBatchNorm: false }),
      'BatchNormalization',
    );
    expect(norms.map((node) => node.output.length)).toEqual([1, 1]);
    expect(norms.map(({ input }) => input.slice(1))).toContainEqual(
      ['weight', 'bias', 'running_mean', 'running_var'].map((key) => `groupedBn.${key}`),
    );
    const grouped = attributesOf(norms.find(({ name }) => name === 'groupedBn'));
    expect(grouped).toEqual({ epsilon: Math.fround(1e-3), momentum: Math.fround(0.99), training_mode: 0 });
  });

  it('writes padding as y_begin, x_begin, y_end, x_end', () => {
    const convolutions = nodesOf(
      exportOnnx(randomModel(everyImageBlock()), { foldBatchNorm: false }),
      'Conv',
    );
    const byName = new Map(convolutions.map((node) => [node.name, attributesOf(node)]));
    expect(byName.get('stem')).toMatchObject({ pads: [0, 1, 1, 1], strides: [2, 2], group: 1 });
    expect(byName.get('grouped')).toMatchObject({
      pads: [2, 3, 2, 3],
      dilations: [2, 2],
      kernel_shape: [3, 5],
      group: 2,
    });
  });

  it('writes enlarging, framing and gating blocks in ONNX’s terms', () => {
    const bytes = exportOnnx(randomModel(everyResizingBlock()), { foldBatchNorm: false });
    const [grouped] = nodesOf(bytes, 'ConvTranspose').filter(({ name }) => name === 'grouped');
    expect(attributesOf(grouped)).toEqual({
      ...{ kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 0], dilations: [1, 1], group: 3 },
      output_padding: [1, 1],
    });
    const resizes = nodesOf(bytes, 'Resize');
    expect(resizes.map((node) => [node.name, node.input[1], attributesOf(node)])).toEqual([
      [
        ...['near', ''],
        { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
      ],
      ['smooth', '', { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }],
    ]);
    expect(nodesOf(bytes, 'Pad').map((node) => [node.input.length, attributesOf(node)])).toEqual([
      [3, { mode: 'constant' }],
      [2, { mode: 'reflect' }],
      [2, { mode: 'edge' }],
    ]);
    expect(nodesOf(bytes, 'Mul').map(({ name, input }) => [name, ...input])).toContainEqual([
      'gated',
      'gated.1.out',
      'spatial.out',
    ]);
  });

  it('writes clipped activations, adaptive means and rounding up in ONNX’s terms', () => {
    const { node: nodes, initializer } = read(
      exportOnnx(randomModel(everyPhotoBlock()), { foldBatchNorm: false }),
    ).graph;
    const one = (name: string): ReadNode =>
      must(
        nodes.find((node) => node.name === name),
        name,
      );
    const values = (name: string): number[] => {
      const { rawData } = must(
        initializer.find((each) => each.name === name),
        name,
      );
      return Array.from(new Float32Array(Uint8Array.from(rawData).buffer));
    };
    const types = ['active', 'gate', 'adapted1x1', 'adapted4x7', 'adapted2x7', 'adapted3x9'];
    expect(types.map((name) => one(name).opType)).toEqual([
      ...['Clip', 'HardSigmoid', 'GlobalAveragePool', 'AveragePool', 'AveragePool', 'MatMul'],
    ]);
    expect(one('active').input.slice(1).flatMap(values)).toEqual([0, 6]);
    expect(attributesOf(one('gate'))).toEqual({ alpha: Math.fround(1 / 6), beta: 0.5 });
    expect(attributesOf(one('stem'))).toMatchObject({ pads: [0, 2, 2, 1] });
    expect(attributesOf(one('large'))).toMatchObject({ pads: [1, 0, 1, 0], output_padding: [1, 1] });
    // 8 rows to 3: rows 0–2, 2–5, 5–7.
    const third = Math.fround(1 / 3);
    expect(values('adapted3x9.rows')).toEqual([
      ...[third, third, third, 0, 0, 0, 0, 0],
      ...[0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0],
      ...[0, 0, 0, 0, 0, third, third, third],
    ]);
    // A mean that counts its padding, but not what the last window overhangs: padded first.
    expect(one('meanCounted').input).toEqual([one('meanCounted.padded').output[0]]);
    expect(one('meanCounted.padded').opType).toBe('Pad');
    expect(attributesOf(one('meanCounted'))).toMatchObject({ count_include_pad: 0, pads: [0, 0, 1, 1] });
  });

  it('leaves out what a layer took in, and says so', () => {
    const bytes = exportOnnx(randomModel(everyFoldCase()), { foldBatchNorm: true });
    const left = nodesOf(bytes, 'BatchNormalization').map(({ name }) => name);
    expect(left).toHaveLength(6);
    expect(left).not.toContain('folded');
    const folding = must(
      read(bytes).metadataProps.find(({ key }) => key === 'normlab.folding'),
      'folding',
    );
    expect(JSON.parse(folding.value)).toMatchObject({ folded: { into: 'logits' }, twice: { into: null } });
  });

  it('can leave normalization to the caller', () => {
    const bytes = exportOnnx(small, { foldBatchNorm: false, normalizeInput: false });
    expect(nodesOf(bytes, 'Sub')).toEqual([]);
    expect(nodesOf(bytes, 'Conv')[0]?.input[0]).toBe('images');
  });

  it('reverses RGB bytes for a network of B, G, R, and takes them as they are for others', () => {
    const model = randomModel(everyImageBlock());
    const preprocessing = { ...model.preprocessing, channelOrder: 'bgr' as const };
    const bytes = exportOnnx({ ...model, preprocessing }, { foldBatchNorm: false });
    const [gather] = nodesOf(bytes, 'Gather');
    expect(gather).toMatchObject({ input: ['images', 'input.order'], output: ['input.reverse.out'] });
    expect(nodesOf(bytes, 'Sub')[0]?.input[0]).toBe('input.reverse.out');
    const order = must(
      read(bytes).graph.initializer.find(({ name }) => name === 'input.order'),
      'order',
    );
    expect(new BigInt64Array(Uint8Array.from(order.rawData).buffer)).toEqual(BigInt64Array.of(2n, 1n, 0n));
    expect(nodesOf(exportOnnx(model, { foldBatchNorm: false }), 'Gather')).toEqual([]);
  });

  it('uses each name once', () => {
    const { graph } = read(exportOnnx(randomModel(everyFoldCase()), { foldBatchNorm: false }));
    const values = [
      'images',
      ...graph.initializer.map(({ name }) => name),
      ...graph.node.flatMap(({ output }) => output),
    ];
    expect(new Set(values).size).toBe(values.length);
    expect(new Set(graph.node.map(({ name }) => name)).size).toBe(graph.node.length);
  });

  it('refuses statistics that saw no batch, and values that are not numbers', () => {
    const fresh = { ...small, provenance: { ...small.provenance, batchesSeen: 0 } };
    expect(() => exportOnnx(fresh, { foldBatchNorm: false })).toThrow(/no statistics to freeze/);
    const broken = { ...small, state: Float64Array.from(small.state).fill(NaN, 0, 1) };
    expect(() => exportOnnx(broken, { foldBatchNorm: false })).toThrow(/NaN or infinity/);
  });
});
