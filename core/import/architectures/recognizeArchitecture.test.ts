import { describe, expect, it } from 'vitest';
import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { buildStateLayout } from '../../compile/stateLayout.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import type { NamingKey } from '../../templates/photo/architecture.ts';
import { ARCHITECTURES } from '../../templates/photo/architectures.ts';
import { expectedTensors, fitsSlot } from './expectedTensors.ts';
import { recognizeArchitecture } from './recognizeArchitecture.ts';

type NamedDims = Parameters<typeof recognizeArchitecture>[0][number];

/**
 * The state dict of each published implementation, read from torchvision 0.29, timm 1.0.31 and
 * efficientnet_lite_pytorch 0.1.0 for 1,000 classes: its number of tensors without `num_batches_tracked`, and FNV-1a of
 * the sorted lines `name elements`.
 */
const PUBLISHED = [
  ['resnet18', 'torchvision', 102, 0x48558536],
  ['resnet18', 'timm', 102, 0x48558536],
  ['resnet34', 'torchvision', 182, 0x8b9094da],
  ['resnet34', 'timm', 182, 0x8b9094da],
  ['resnet50', 'torchvision', 267, 0x7b0778df],
  ['resnet50', 'timm', 267, 0x7b0778df],
  ['vgg11-bn', 'torchvision', 54, 0x8104dc0c],
  ['vgg11-bn', 'timm', 54, 0xd48e928e],
  ['vgg16-bn', 'torchvision', 84, 0xdfe7b956],
  ['vgg16-bn', 'timm', 84, 0x7c244514],
  ['mobilenet-v2', 'torchvision', 262, 0x0dcb2d1a],
  ['mobilenet-v2', 'timm', 262, 0xd7dbca30],
  ['mobilenet-v3-large', 'torchvision', 266, 0x28050d9f],
  ['mobilenet-v3-large', 'timm', 266, 0xeaf07195],
  ['efficientnet-lite0', 'efficientnet_lite_pytorch', 247, 0x4fcd8630],
  ['efficientnet-lite0', 'timm', 247, 0xd5f9616c],
  ['efficientnet-b0', 'torchvision', 311, 0x300cb385],
  ['efficientnet-b0', 'timm', 311, 0x9be6ac25],
  ['efficientnet-b0', 'efficientnet_lite_pytorch', 311, 0x8bd7c8b5],
  ['densenet121', 'torchvision', 606, 0xf2def2db],
  ['densenet121', 'torchvisionFile', 606, 0x8dc9c657],
  ['densenet121', 'timm', 606, 0xf2def2db],
  ['squeezenet1-1', 'torchvision', 52, 0xe126834b],
] as const;

function expectedOf(name: string, key: NamingKey): ReturnType<typeof expectedTensors> {
  const architecture = ARCHITECTURES.find((one) => one.name === name);
  return expectedTensors(must(architecture, name), key);
}

function stateDict(name: string, key: NamingKey): NamedDims[] {
  return [...expectedOf(name, key)].map(([tensor, { dims }]) => ({ name: tensor, dims }));
}

function isHead(name: string, key: NamingKey, tensor: string): boolean {
  return expectedOf(name, key).get(tensor)?.isHead ?? false;
}

function hashOf(tensors: readonly NamedDims[]): number {
  const lines = tensors.map(({ name, dims }) => `${name} ${dims.reduce((product, dim) => product * dim, 1)}`);
  let hash = 0x811c_9dc5;
  for (const letter of lines.sort().join('\n')) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x0100_0193);
  return hash >>> 0;
}

describe('names of tensors', () => {
  it.each(PUBLISHED)('%s, %s: are those of the published implementation', (name, key, count, hash) => {
    const tensors = stateDict(name, key);
    expect([tensors.length, hashOf(tensors)]).toEqual([count, hash]);
  });

  it('are there for every architecture and naming', () => {
    const all = ARCHITECTURES.flatMap(({ name, styles }) => styles.map(([key]) => `${name} ${key}`));
    expect(all.sort()).toEqual(PUBLISHED.map(([name, key]) => `${name} ${key}`).sort());
  });
});

describe('recognizeArchitecture', () => {
  it.each(PUBLISHED)('%s, %s: every slot of its document has one tensor, of its elements', (name, key) => {
    const tensors = stateDict(name, key);
    const found = must(recognizeArchitecture(tensors), name);
    expect([found.architecture, found.classes]).toEqual([name, 1000]);
    // torchvision and timm share some names; then it is torchvision's.
    const sameNames = hashOf(stateDict(name, 'torchvision')) === hashOf(tensors);
    expect(found.naming.name).toBe(sameNames || key === 'torchvisionFile' ? 'torchvision' : key);
    const graph = must(checkGraph(found.document.graph).graph, name);
    const layout = buildStateLayout(graph, optimizerPlanOf(found.document.training));
    const slots = [...layout.parameters, ...layout.statistics];
    const { slots: named } = found.naming;
    expect([...named.values()].sort()).toEqual(slots.map((slot) => slot.name).sort());
    const dims = new Map(slots.map((slot) => [slot.name, slot.dims]));
    for (const tensor of tensors)
      expect(fitsSlot(tensor.dims, dims.get(named.get(tensor.name) ?? '') ?? []), tensor.name).toBe(true);
  });

  it.each([
    ['mobilenet-v3-large', 'torchvision', '0.001 0.99', 'explicit', 0.485],
    ['mobilenet-v3-large', 'timm', '0.00001 0.9', 'explicit', 0.485],
    ['efficientnet-lite0', 'efficientnet_lite_pytorch', '0.001 0.99', 'same', 127 / 255],
    ['efficientnet-lite0', 'timm', '0.00001 0.9', 'explicit', 0.485],
    ['efficientnet-b0', 'efficientnet_lite_pytorch', '0.001 0.99', 'same', 0.485],
    ['densenet121', 'torchvisionFile', '0.00001 0.9', 'explicit', 0.485],
  ] as const)('%s, %s: has BatchNorm %s, padding %s, mean %s', (name, key, norm, padding, mean) => {
    const found = must(recognizeArchitecture(stateDict(name, key)), name);
    expect(settingsOf(found)).toEqual([norm, padding]);
    expect(found.preprocessing).toMatchObject({ resize: 256, crop: 224 });
    expect(found.preprocessing.mean[0]).toBe(mean);
  });

  it('takes a variant from TensorFlow only where it is named', () => {
    const tensors = stateDict('efficientnet-lite0', 'timm');
    const named = recognizeArchitecture(tensors, { architecture: 'tf_efficientnet_lite0.in1k' });
    const found = must(named, 'tf_efficientnet_lite0');
    expect(settingsOf(found)).toEqual(['0.001 0.9', 'same']);
    expect(found.preprocessing).toMatchObject({ mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] });
  });

  it.each(PUBLISHED)('%s, %s: with 5 classes, and counters of batches', (name, key) => {
    const tensors = stateDict(name, key).map((tensor) =>
      isHead(name, key, tensor.name) ? { ...tensor, dims: [5, ...tensor.dims.slice(1)] } : tensor,
    );
    const counters = tensors
      .filter((tensor) => tensor.name.endsWith('.running_var'))
      .map((tensor) => ({ name: tensor.name.replace('running_var', 'num_batches_tracked'), dims: [] }));
    const found = must(recognizeArchitecture([...counters, ...tensors]), name);
    expect([found.architecture, found.classes]).toEqual([name, 5]);
    const { graph } = checkGraph(found.document.graph);
    expect(graph?.classes).toBe(5);
  });

  it.each(PUBLISHED)('%s, %s: without its head, and with a tenth of its tensors missing', (name, key) => {
    const trunk = stateDict(name, key).filter((tensor) => !isHead(name, key, tensor.name));
    expect(recognizeArchitecture(trunk)).toMatchObject({ architecture: name, classes: 1000 });
    const fewer = trunk.filter((_, index) => index % 10 !== 3);
    expect(recognizeArchitecture(fewer)).toMatchObject({ architecture: name });
    expect(recognizeArchitecture(trunk.filter((_, index) => index % 10 < 7))).toBeNull();
  });

  it('takes a head of other features, or of no sensible size, for a missing one', () => {
    const tensors = stateDict('resnet18', 'torchvision');
    const withHead = (dims: readonly number[]): unknown =>
      recognizeArchitecture([
        ...tensors.filter(({ name }) => !name.startsWith('fc.')),
        { name: 'fc.weight', dims },
      ]);
    for (const dims of [[5, 100], [2 ** 60, 512], [0, 512], [], [5]])
      expect(withHead(dims)).toMatchObject({ architecture: 'resnet18', classes: 1000 });
    expect(withHead([5, 512])).toMatchObject({ classes: 5 });
  });

  it('is null for a deeper or wider network of the same names', () => {
    const deeper = stateDict('resnet50', 'torchvision').flatMap((tensor) => {
      const more = Array.from({ length: 17 }, (_, nth) => ({
        ...tensor,
        name: tensor.name.replace('layer3.5', `layer3.${nth + 6}`),
      }));
      return tensor.name.startsWith('layer3.5') ? [tensor, ...more] : [tensor];
    });
    expect(recognizeArchitecture(deeper)).toBeNull();
    expect(recognizeArchitecture(deeper, { architecture: 'resnet50' })?.architecture).toBe('resnet50');
    const wider = stateDict('resnet50', 'torchvision').map((tensor) => ({
      ...tensor,
      dims: tensor.dims.map((dim) => 2 * dim),
    }));
    expect(recognizeArchitecture(wider)).toBeNull();
    expect(recognizeArchitecture(wider, { architecture: 'resnet50' })).toBeNull();
  });

  it('is null for other names, none, and an architecture that it is not', () => {
    const random = Array.from({ length: 200 }, (_, nth) => ({ name: `block.${nth}.weight`, dims: [64, 64] }));
    expect(recognizeArchitecture(random)).toBeNull();
    expect(recognizeArchitecture([])).toBeNull();
    const tensors = stateDict('resnet18', 'torchvision');
    expect(recognizeArchitecture(tensors, { architecture: 'resnet34' })).toBeNull();
    expect(recognizeArchitecture(tensors, { architecture: 'no-such-network' })).toBeNull();
  });

  it.each(['mobilenet-v2', 'mobilenet_v2', 'mobilenetv2_100', 'mobilenetv2_100.ra_in1k'])(
    'knows %s',
    (name) => {
      const tensors = stateDict('mobilenet-v2', 'timm');
      expect(recognizeArchitecture(tensors, { architecture: name })?.architecture).toBe('mobilenet-v2');
    },
  );
});

/** Epsilon and decay of its BatchNorm blocks, and the padding of its stem. */
function settingsOf({ document }: NonNullable<ReturnType<typeof recognizeArchitecture>>): unknown[] {
  const nodes = Object.entries(document.graph.nodes);
  const norms = nodes.filter(([, { kind }]) => kind === 'batchNorm').map(([, { params }]) => params);
  const stem = nodes.find(([, { kind }]) => kind === 'conv2d');
  return [...new Set(norms.map(({ epsilon, decay }) => `${epsilon} ${decay}`)), stem?.[1].params['padding']];
}
