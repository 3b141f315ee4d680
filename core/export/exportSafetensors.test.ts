import { describe, expect, it } from 'vitest';
import { AppError } from '../diagnostics/appError.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { ValueRanges } from '../document/preprocessing.ts';
import { parseDocument } from '../document/parse.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { exportSafetensors } from './exportSafetensors.ts';
import { decodeSafetensors } from './safetensors.ts';
import { everyFoldCase, everyImageBlock, withoutBatchNorm } from './testing/networks.ts';
import { modelMetadata } from './metadata.ts';
import { randomModel } from './testing/randomModel.ts';

const small = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 6, 6], classes: 3 }));

describe('exportSafetensors', () => {
  it('holds the keys and shapes of a PyTorch state dict', () => {
    const { tensors } = decodeSafetensors(exportSafetensors(small, { foldBatchNorm: false }));
    const shapes = [...tensors].map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join()}]`);
    expect(shapes).toEqual([
      'bn1.num_batches_tracked I64 []',
      'bn1.bias F32 [32]',
      'bn1.running_mean F32 [32]',
      'bn1.running_var F32 [32]',
      'bn1.weight F32 [32]',
      'conv1.bias F32 [32]',
      'conv1.weight F32 [32,1,3,3]',
      'dense1.bias F32 [3]',
      'dense1.weight F32 [3,288]',
    ]);
    expect(tensors.get('bn1.num_batches_tracked')?.data[0]).toBe(1234n);
  });

  it('puts gamma in weight, beta in bias and the variance in running_var', () => {
    const { tensors } = decodeSafetensors(exportSafetensors(small, { foldBatchNorm: false }));
    for (const [field, key] of [
      ['gamma', 'weight'],
      ['beta', 'bias'],
      ['mean', 'running_mean'],
      ['variance', 'running_var'],
    ] as const) {
      const slots = [...small.layout.parameters, ...small.layout.statistics];
      const slot = must(
        slots.find(({ name }) => name === `bn1.${field}`),
        field,
      );
      const values = small.state.subarray(slot.offset, slot.offset + slot.size);
      expect([...must(tensors.get(`bn1.${key}`), key).data]).toEqual([...values]);
    }
  });

  it('folds on request: no BatchNorm is left where a layer took it in', () => {
    const { tensors, metadata } = decodeSafetensors(exportSafetensors(small, { foldBatchNorm: true }));
    expect([...tensors.keys()].filter((name) => name.startsWith('bn1'))).toEqual([]);
    expect(JSON.parse(must(metadata['normlab.folding'], 'folding'))).toEqual({
      bn1: { into: 'conv1', reason: 'bn1 is folded into conv1.' },
    });
  });

  it('says in its metadata what no tensor says', () => {
    const { metadata } = decodeSafetensors(exportSafetensors(small, { foldBatchNorm: true }));
    const json = (key: string): unknown => JSON.parse(must(metadata[`normlab.${key}`], key));
    expect(json('batch_norm')).toEqual({
      bn1: {
        ...{ channels: 32, epsilon: 1e-5, decay: 0.9, pytorch_momentum: 0.1, variance_estimator: 'unbiased' },
        ...{ averaging: 'decay', ghost_group_size: 0, renormalization: null },
        ...{ statistics: 'moving-average', batches_seen: 1234 },
      },
    });
    expect(json('class_names')).toEqual(['class 0 «é»', 'class 1 «é»', 'class 2 «é»']);
    expect(json('statistics')).toEqual({
      source: 'moving-average',
      weights: 'raw',
      checkpoint: 'last',
      batches_seen: 1234,
      epochs: 3,
      step: 1234,
    });
    expect(json('preprocessing')).toMatchObject({
      ...{ height: 6, width: 6, channels: 1, colour: 'grey', layout: 'NCHW', resize: 'stretch' },
      ...{ mean_bytes: [110.25], deviation_bytes: [60.5], mean_unit: [110.25 / 255] },
    });
    expect(metadata).toMatchObject({ format: 'pt', 'normlab.format': '1', 'normlab.version': '0.1.0' });
  });

  it('states which values of deep images become bytes, where a run needed a range', () => {
    const ranges: ValueRanges = { unsigned16: [20, 209], number: [0.25, 0.75] };
    const model = { ...small, preprocessing: { ...small.preprocessing, ranges } };
    const { metadata } = decodeSafetensors(exportSafetensors(model, { foldBatchNorm: false }));
    expect(JSON.parse(must(metadata['normlab.preprocessing'], 'preprocessing'))).toMatchObject({
      value_ranges: { uint16: [20, 209], other_numbers: [0.25, 0.75] },
    });
    const plain = decodeSafetensors(exportSafetensors(small, { foldBatchNorm: false })).metadata;
    expect(must(plain['normlab.preprocessing'], 'preprocessing')).not.toContain('value_ranges');
  });

  it('states the order of the channels, and the numbers in that order', () => {
    const model = randomModel(everyImageBlock());
    const { mean, deviation } = model.preprocessing;
    const preprocessing = { ...model.preprocessing, channelOrder: 'bgr' as const };
    const described = (metadata: Record<string, string>): unknown =>
      JSON.parse(must(metadata['normlab.preprocessing'], 'preprocessing'));
    const bytes = exportSafetensors({ ...model, preprocessing }, { foldBatchNorm: false });
    expect(described(decodeSafetensors(bytes).metadata)).toMatchObject({
      ...{ colour: 'BGR', network_colour: 'BGR', mean_bytes: mean, deviation_bytes: deviation },
      formula: expect.stringContaining('blue, green, red') as string,
    });
    // A file that normalizes takes RGB: its numbers are in that order, and it reverses the channels itself.
    const normalizing = modelMetadata({ ...model, preprocessing }, { normalizesInput: true, folding: null });
    expect(described(normalizing)).toMatchObject({
      ...{ colour: 'RGB', network_colour: 'BGR', mean_bytes: [...mean].reverse() },
      formula: expect.stringContaining('reverses the channels') as string,
    });
    const plain = modelMetadata(model, { normalizesInput: true, folding: null });
    expect(described(plain)).toMatchObject({ colour: 'RGB', mean_bytes: mean });
    expect(described(plain)).not.toHaveProperty('network_colour');
  });

  it('states the sides that an image is resized to before its centre is cropped', () => {
    const preprocessing = { ...small.preprocessing, height: 224, width: 200, resize: 'crop' as const };
    const described = (model: typeof small): unknown =>
      JSON.parse(
        must(modelMetadata(model, { normalizesInput: true, folding: null })['normlab.preprocessing'], 'it'),
      );
    expect(described({ ...small, preprocessing })).toMatchObject({
      ...{ resize: 'crop', crop_fraction: 0.875, resize_height: 256, resize_width: 229 },
    });
    expect(described(small)).not.toHaveProperty('crop_fraction');
  });

  it('carries a project that opens, without the folders of this machine', () => {
    const data = { ...small.document.data, trainFolder: '/somewhere/pictures' };
    const model = { ...small, document: { ...small.document, data } };
    const { metadata } = decodeSafetensors(exportSafetensors(model, { foldBatchNorm: false }));
    const text = must(metadata['normlab.project'], 'project');
    expect(text).not.toContain('somewhere');
    expect(parseDocument(text)).toMatchObject({ ok: true, document: { graph: small.document.graph } });
  });

  it('refuses statistics that saw no batch, unless they are exact or there are none', () => {
    const fresh = { ...small.provenance, batchesSeen: 0 };
    const write = (model: typeof small): unknown => exportSafetensors(model, { foldBatchNorm: false });
    expect(() => write({ ...small, provenance: fresh })).toThrow(AppError);
    expect(() => write({ ...small, provenance: fresh })).toThrow(/no statistics to freeze/);
    expect(() => write({ ...small, provenance: { ...fresh, statistics: 'exact' } })).not.toThrow();
    expect(() => write({ ...randomModel(withoutBatchNorm()), provenance: fresh })).not.toThrow();
  });

  it('refuses a network that diverged', () => {
    const state = Float32Array.from(small.state);
    state[0] = Infinity;
    expect(() => exportSafetensors({ ...small, state }, { foldBatchNorm: false })).toThrow(/NaN or infinity/);
  });

  it('is the same for the same model', () => {
    const bytes = (): Uint8Array => exportSafetensors(randomModel(everyFoldCase()), { foldBatchNorm: true });
    expect(bytes()).toEqual(bytes());
  });
});
