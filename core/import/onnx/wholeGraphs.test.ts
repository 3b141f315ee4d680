import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backend/reference/referenceBackend.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { int, ints, type GraphBuilder } from '../../export/onnx/graphBuilder.ts';
import { foreignLogits } from '../testing/foreignLogits.ts';
import { readOnnxFile, type OnnxNetwork } from './readOnnxFile.ts';
import {
  addConv,
  encodeImageModel,
  encodeSmall,
  fileOf,
  innerBlocks,
  numbers,
  sizes,
  withScalar,
} from './testing/smallModels.ts';

type Draw = (builder: GraphBuilder, input: string) => string;

function read(channels: number, draw: Draw): OnnxNetwork {
  return readOnnxFile(fileOf(encodeImageModel(channels, draw)));
}

describe('shapes', () => {
  /** `x.view(x.size(0), -1)` with a size that is not fixed, as PyTorch exports it. */
  const viewed: Draw = (b, x) => {
    const shape = b.node('shape', 'Shape', [x], 'shape.out');
    const first = b.node('pick', 'Gather', [shape, b.constant('zero', [], sizes(0))], 'pick.out');
    const listed = b.node('list', 'Unsqueeze', [first, b.constant('axes', [1], sizes(0))], 'list.out');
    const both = b.node('both', 'Concat', [listed, b.constant('open', [1], sizes(-1))], 'both.out', {
      axis: int(0),
    });
    return b.node('view', 'Reshape', [x, both], 'view.out');
  };

  it('recognizes a Reshape to computed sizes as Flatten', () => {
    const bytes = encodeSmall({ input: { name: 'x', dims: ['N', 3, 2, 2] } }, (b, x) => {
      const weights = b.constant('head.weight', [12, 2], numbers(24));
      return b.node('head', 'MatMul', [viewed(b, x), weights], 'logits');
    });
    const network = readOnnxFile(fileOf(bytes));
    expect(innerBlocks(network).map(({ kind }) => kind)).toEqual(['flatten']);
    expect(network.values.get('head.weights')).toMatchObject({ dims: [2, 12], transposed: true });
    const column = network.values.get('head.weights')?.read().subarray(12, 24);
    expect(Array.from(column ?? [])).toEqual(Array.from(numbers(24)).filter((_, index) => index % 2 === 1));
  });

  it('a network with channels last gives the same logits as one with channels first', () => {
    const kernel = numbers(4 * 3 * 9);
    const first = encodeSmall({ input: { name: 'x', dims: [1, 3, 4, 4] } }, (b, x) => {
      const weights = b.constant('c.weight', [4, 3, 3, 3], kernel);
      const made = b.node('c', 'Conv', [x, weights], 'c.out');
      const flat = b.node('f', 'Flatten', [made], 'f.out');
      return b.node('head', 'Gemm', [flat, b.constant('w', [16, 2], numbers(32))], 'logits');
    });
    const last = encodeSmall({ input: { name: 'x', dims: [1, 4, 4, 3] } }, (b, x) => {
      const turned = b.node('t1', 'Transpose', [x], 't1.out', { perm: ints(0, 3, 1, 2) });
      const made = b.node('c', 'Conv', [turned, b.constant('c.weight', [4, 3, 3, 3], kernel)], 'c.out');
      const back = b.node('t2', 'Transpose', [made], 't2.out', { perm: ints(0, 2, 3, 1) });
      const flat = b.node('f', 'Reshape', [back, b.constant('s', [2], sizes(1, 16))], 'f.out');
      // Row (h, w, c) of these weights is row (c, h, w) of the others.
      const rows = Array.from({ length: 16 }, (_, row) => (row % 4) * 4 + Math.floor(row / 4));
      const held = Float32Array.from(
        rows.flatMap((row) => Array.from(numbers(32).subarray(2 * row, 2 * row + 2))),
      );
      return b.node('head', 'Gemm', [flat, b.constant('w', [16, 2], held)], 'logits');
    });
    const [one, other] = [first, last].map((bytes) => readOnnxFile(fileOf(bytes)));
    const logits = (network: OnnxNetwork | undefined): number[] =>
      Array.from(foreignLogits(referenceBackend, must(network, 'a network'), numbers(96)));
    expect(logits(other)).toEqual(logits(one));
    expect(innerBlocks(must(other, 'a network')).map(({ kind }) => kind)).toEqual(['conv2d', 'flatten']);
  });

  it('a Concat that continues another one uses its block', () => {
    const network = read(9, (b, x) => {
      const two = b.node('j2', 'Concat', [x, x], 'j2.out', { axis: int(1) });
      const bent = b.node('r', 'Relu', [two], 'r.out');
      const gone = addConv(b, bent, { pads: ints(1, 1, 1, 1) }, [3, 6, 3, 3]);
      return b.node('j3', 'Concat', [x, x, gone], 'j3.out', { axis: int(1) });
    });
    const concats = innerBlocks(network).filter(({ kind }) => kind === 'concat');
    expect(concats.map(({ params }) => params['inputs'])).toEqual([2, 2]);
    const wires = Object.entries(network.document.graph.wires);
    expect(wires).toContainEqual(['j3.in1', 'j2.out']);
  });
});

describe('the beginning and the end', () => {
  it('mean and deviation right behind the input are preprocessing', () => {
    const network = read(3, (b, x) => {
      const held = (name: string, values: number[]): string =>
        b.constant(name, [1, 3, 1, 1], Float32Array.from(values));
      const centred = b.node('sub', 'Sub', [x, held('mean', [0.485, 0.456, 0.406])], 'sub.out');
      return b.node('div', 'Div', [centred, held('std', [0.229, 0.224, 0.225])], 'div.out');
    });
    expect(innerBlocks(network)).toEqual([]);
    expect(network.preprocessing).toEqual({
      mean: [123.675, 116.28, 103.53],
      deviation: [58.395, 57.12, 57.375],
    });
    expect(network.notes.map(({ key }) => key)).toEqual(['onnxFiles.preparesImages']);
  });

  it('Rescaling of Keras is in byte units', () => {
    const network = read(3, (b, x) => withScalar(b, 'Sub', withScalar(b, 'Mul', x, 1 / 127.5), 1));
    expect(network.preprocessing).toEqual({ mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] });
  });

  it('a last Softmax is left out with a note, and further outputs too', () => {
    const outputs = ['p', 'logits'].map((name) => ({ name, dims: ['N', 2] }));
    const bytes = encodeSmall({ input: { name: 'x', dims: ['N', 3, 2, 2] }, outputs }, (b, x) => {
      const flat = b.node('f', 'Flatten', [x], 'f.out');
      const logits = b.node('head', 'Gemm', [flat, b.constant('w', [12, 2], numbers(24))], 'logits');
      return b.node('softmax', 'Softmax', [logits], 'p');
    });
    const network = readOnnxFile(fileOf(bytes));
    expect(innerBlocks(network).map(({ kind }) => kind)).toEqual(['flatten']);
    expect(network.notes.map(({ key }) => key)).toEqual([
      'onnxFiles.firstOutput',
      'onnxFiles.readoutDropped',
    ]);
  });

  it('takes 224 pixels where the size is open, and class names of the metadata', () => {
    const input = { name: 'x', dims: ['N', 3, 'H', 'W'] };
    const metadata = { names: "{0: 'cat', 1: 'dog'}" };
    const network = readOnnxFile(fileOf(encodeImageModel(3, (_b, x) => x, { input, metadata })));
    expect(network.document.graph.nodes).toMatchObject({ input: { params: { height: 224, width: 224 } } });
    expect(network.classNames).toEqual(['cat', 'dog']);
    expect(network.notes.map(({ key }) => key)).toEqual(['onnxFiles.openSize']);
  });

  it('lists the tensors that the logits do not depend on', () => {
    const network = read(3, (b, x) => {
      b.constant('aux.weight', [4, 3], numbers(12));
      return x;
    });
    expect(network.unexpected).toEqual(['aux.weight']);
  });

  it('names the first unknown operator and counts the others', () => {
    const draw: Draw = (b, x) => b.node('n2', 'Det', [b.node('n1', 'Einsum', [x], 'n1.out')], 'n2.out');
    expect(() => read(3, draw)).toThrow(/node n1 is a Einsum, .*without a block: 1/);
    expect(() => read(3, (b, x) => b.node('n1', 'Einsum', [x], 'n1.out'))).toThrow(
      /node n1 is a Einsum, which NormLab has no block for\./,
    );
  });
});
