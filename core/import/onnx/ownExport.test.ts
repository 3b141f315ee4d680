import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backend/reference/referenceBackend.ts';
import { exportOnnx } from '../../export/exportOnnx.ts';
import {
  everyChannelBlock,
  everyFoldCase,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
  withoutBatchNorm,
} from '../../export/testing/networks.ts';
import { randomModel } from '../../export/testing/randomModel.ts';
import type { TrainedModel } from '../../export/trainedModel.ts';
import type { ForeignNetwork, SlotValue } from '../foreignModel.ts';
import { foreignLogits } from '../testing/foreignLogits.ts';
import { readOnnxFile } from './readOnnxFile.ts';
import { fileOf, numbers } from './testing/smallModels.ts';

const NETWORKS = [
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
  everyFoldCase,
  everyChannelBlock,
  withoutBatchNorm,
];

/** The trained model as if it came from a file. */
function asForeign(model: TrainedModel): ForeignNetwork {
  const values = new Map<string, SlotValue>();
  for (const { name, dims, offset, size } of [...model.layout.parameters, ...model.layout.statistics]) {
    const read = (): Float32Array<ArrayBuffer> =>
      Float32Array.from(model.state.subarray(offset, offset + size));
    values.set(name, { dims, from: [], transposed: false, read });
  }
  const { document, classNames } = model;
  return { kind: 'network', format: 'normlab', document, values, unexpected: [], classNames, notes: [] };
}

/** The bytes with another key in place of the metadata's version, so that only the nodes describe the network. */
function withoutMetadata(bytes: Uint8Array): Uint8Array {
  const key = 'normlab.format';
  const text = Buffer.from(bytes).toString('latin1');
  expect(text.split(key)).toHaveLength(2);
  return new Uint8Array(Buffer.from(text.replace(key, 'normlab.foreig'), 'latin1'));
}

/** The same images, in bytes for the file and normalized for the model, give the same logits. */
function expectSameLogits(model: TrainedModel, read: ForeignNetwork): void {
  const { height, width, channels, mean, deviation } = model.preprocessing;
  const area = height * width;
  const bytes = numbers(2 * channels * area).map((value) => Math.round(127.5 + 255 * value));
  const prepared = bytes.map((byte, index) => {
    const channel = Math.floor(index / area) % channels;
    return (byte - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
  });
  const wanted = foreignLogits(referenceBackend, asForeign(model), prepared);
  const found = foreignLogits(referenceBackend, read, bytes);
  const largest = Math.max(1, ...wanted.map(Math.abs));
  expect(found).toHaveLength(wanted.length);
  found.forEach((logit, index) => {
    expect(Math.abs(logit - (wanted[index] ?? NaN))).toBeLessThan(1e-5 * largest);
  });
}

describe('a file that NormLab exported', () => {
  it.each(NETWORKS)('comes back as its project with all values (network %#)', (network) => {
    const model = randomModel(network());
    const read = readOnnxFile(fileOf(exportOnnx(model, { foldBatchNorm: false })));
    expect(read.format).toBe('normlab');
    expect(Object.keys(read.document.graph.nodes).sort()).toEqual(
      Object.keys(model.document.graph.nodes).sort(),
    );
    expect(read.document.graph.wires).toEqual(model.document.graph.wires);
    expect(read.document.id).not.toBe(model.document.id);
    expect(read.classNames).toEqual(model.classNames);
    const { mean, deviation } = model.preprocessing;
    expect(read.preprocessing).toEqual({ mean, deviation });
    expect([read.values.size, read.unexpected, read.notes]).toEqual([asForeign(model).values.size, [], []]);
    for (const [name, { dims, read: values }] of asForeign(model).values) {
      expect(read.values.get(name)?.dims).toEqual(dims);
      expect(read.values.get(name)?.read()).toEqual(values());
    }
    expectSameLogits(model, read);
  });

  it('has mean and deviation in the order of its network, which takes blue, green, red', () => {
    const plain = randomModel(everyImageBlock());
    const [mean, deviation] = [
      [104, 117, 123],
      [50, 60, 70],
    ];
    const preprocessing = { ...plain.preprocessing, channelOrder: 'bgr', mean, deviation } as const;
    const read = readOnnxFile(fileOf(exportOnnx({ ...plain, preprocessing }, { foldBatchNorm: false })));
    expect(read.preprocessing).toEqual({ mean, deviation });
  });

  it('comes back folded, without the blocks that were folded', () => {
    const model = randomModel(everyFoldCase());
    const read = readOnnxFile(fileOf(exportOnnx(model, { foldBatchNorm: true })));
    expect(Object.keys(read.document.graph.nodes)).not.toContain('folded');
    expectSameLogits(model, read);
  });

  it.each(NETWORKS)('comes back with its preprocessing inside, too (network %#)', (network) => {
    const document = network();
    const plain = randomModel({ ...document, data: { ...document.data, resize: 'fit' } });
    const preprocessing = { ...plain.preprocessing, resize: 'fit' } as const;
    const model: TrainedModel = { ...plain, preprocessing };
    const bytes = exportOnnx(model, { foldBatchNorm: false, withPreprocessing: true });
    const read = readOnnxFile(fileOf(bytes));
    expect(read.format).toBe('normlab');
    expect(read.document.graph.wires).toEqual(model.document.graph.wires);
    expect(read.document.data.resize).toBe('fit');
    const { mean, deviation } = model.preprocessing;
    expect(read.preprocessing).toEqual({ mean, deviation });
    expect([read.values.size, read.unexpected, read.notes]).toEqual([asForeign(model).values.size, [], []]);
    const nodes = readOnnxFile(fileOf(withoutMetadata(bytes)));
    expect(nodes.format).toBe('onnx');
    expect(nodes.notes.map(({ key }) => key)).toContain('onnxFiles.resizesImages');
    expect(nodes.unexpected).toEqual([]);
    expectSameLogits(model, nodes);
  });

  it.each(NETWORKS)('gives the same logits when only its nodes are read (network %#)', (network) => {
    const model = randomModel(network());
    const read = readOnnxFile(fileOf(withoutMetadata(exportOnnx(model, { foldBatchNorm: false }))));
    expect(read.format).toBe('onnx');
    expect(read.unexpected).toEqual([]);
    expectSameLogits(model, read);
  });

  it('is rebuilt from its nodes where the tensors are not those of the project', () => {
    const model = randomModel(withoutBatchNorm());
    const text = Buffer.from(exportOnnx(model, { foldBatchNorm: false })).toString('latin1');
    const renamed = new Uint8Array(Buffer.from(text.replaceAll('conv1.bias', 'conv1.bios'), 'latin1'));
    const read = readOnnxFile(fileOf(renamed));
    expect(read.format).toBe('onnx');
    expect(read.notes.map(({ key }) => key)).toContain('onnxFiles.otherProject');
    expectSameLogits(model, read);
  });
});
