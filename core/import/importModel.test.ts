import { describe, expect, it } from 'vitest';
import { serializeDocument } from '../document/serialize.ts';
import { METADATA_KEYS } from '../export/metadata.ts';
import { everyImageBlock } from '../export/testing/networks.ts';
import { randomModel } from '../export/testing/randomModel.ts';
import { exportPytorch } from '../export/torch/exportPytorch.ts';
import { expectedTensors } from './architectures/expectedTensors.ts';
import { ARCHITECTURES } from '../templates/photo/architectures.ts';
import { must } from '../diagnostics/invariantError.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import type { ForeignTensor, ForeignWeights } from './foreignModel.ts';
import { importModel } from './importModel.ts';
import { readSafetensorsFile } from './safetensors/readSafetensorsFile.ts';

function zeros(name: string, dims: readonly number[]): ForeignTensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { name, dims, dtype: 'f32', read: () => new Float32Array(size) };
}

function modulesIn(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return JSON.parse(metadata[METADATA_KEYS.modules] ?? '{}') as Record<string, string>;
}

function weights(tensors: readonly ForeignTensor[], metadata: Record<string, string> = {}): ForeignWeights {
  return { kind: 'weights', format: 'safetensors', tensors, metadata, classNames: null, notes: [] };
}

/** The state dict of SqueezeNet 1.1 as torchvision names it. */
function squeezeNet(): readonly ForeignTensor[] {
  const architecture = must(
    ARCHITECTURES.find(({ name }) => name === 'squeezenet1-1'),
    'SqueezeNet',
  );
  return [...expectedTensors(architecture, 'torchvision')].map(([name, { dims }]) => zeros(name, dims));
}

describe('a file of tensors', () => {
  it('of a known architecture becomes its network, with the preparation of images and settings for a new head', () => {
    const { architecture, naming, report, document } = importModel(weights(squeezeNet()), {
      file: 'net.pth',
    });
    expect([architecture, naming]).toEqual(['squeezenet1-1', 'torchvision']);
    expect(report).toMatchObject({ matched: 52, slots: 52, missing: [], unexpected: [], wrongShape: [] });
    expect(document.data).toMatchObject({
      resize: 'crop',
      normalization: { kind: 'fixed', mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] },
    });
    expect(document.training).toMatchObject({
      optimizer: { kind: 'adamw' },
      learningRate: 1e-3,
      warmupSteps: 0,
    });
  });

  it('of an unknown one is refused with the number of its tensors', () => {
    expect(() => importModel(weights([zeros('a', [2])]), { file: 'net.pth' })).toThrow(
      'net.pth holds 1 tensors but no network',
    );
    const options = { file: 'net.pth', architecture: 'resnet18' };
    expect(() => importModel(weights(squeezeNet()), options)).toThrow(
      'does not hold the weights of resnet18',
    );
  });

  it('that NormLab exported for a framework is matched by the names of its blocks', () => {
    const document = everyImageBlock();
    const { files } = exportPytorch(randomModel(document), { foldBatchNorm: false });
    const bytes = must(files.get('model.safetensors'), 'the weights');
    const file = { name: 'model.safetensors', bytes, beside: () => null, names: () => [] };
    const read = readSafetensorsFile(file);
    const renamed = read.tensors.map((tensor) => ({
      ...tensor,
      name: tensor.name.replace('stemBn.', 'own.'),
    }));
    const modules = { ...modulesIn(read.metadata), stemBn: 'own' };
    const metadata = { ...read.metadata, [METADATA_KEYS.modules]: JSON.stringify(modules) };
    for (const model of [read, { ...read, tensors: renamed, metadata }]) {
      const { report } = importModel(model, { file: 'model.safetensors' });
      expect(report).toMatchObject({ missing: [], unexpected: [], wrongShape: [] });
    }
  });

  it('that NormLab exported is its project, with its own settings', () => {
    const document = tinyDocument({ learningRate: 0.3 });
    const metadata = {
      [METADATA_KEYS.project]: serializeDocument(document),
      [METADATA_KEYS.classNames]: '["x","y","z"]',
    };
    const imported = importModel(weights([zeros('bn1.running_mean', [4])], metadata), {
      file: 'net.safetensors',
    });
    expect(imported).toMatchObject({ format: 'normlab', architecture: null, classNames: ['x', 'y', 'z'] });
    expect(imported.document.training.learningRate).toBe(0.3);
    expect(imported.report).toMatchObject({ matched: 1, slots: 7 });
  });
});
