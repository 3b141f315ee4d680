import { describe, expect, it } from 'vitest';
import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { buildStateLayout } from '../../compile/stateLayout.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
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
type Key = (typeof PUBLISHED)[number][1];

function expectedOf(name: string, key: Key): ReturnType<typeof expectedTensors> {
  const architecture = ARCHITECTURES.find((one) => one.name === name);
  return expectedTensors(must(architecture, name), key);
}

function stateDict(name: string, key: Key): NamedDims[] {
  return [...expectedOf(name, key)].map(([tensor, { dims }]) => ({ name: tensor, dims }));
}

function isHead(name: string, key: Key, tensor: string): boolean {
  return expectedOf(name, key).get(tensor)?.isHead ?? false;
}

function hashOf(tensors: readonly NamedDims[]): number {
  const lines = tensors.map(({ name, dims }) => `${name} ${dims.reduce((product, dim) => product * dim, 1)}`);
  let hash = 0x811c_9dc5;
  for (const letter of lines.sort().join('\n'))
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x0100_0193);
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
    const sameNames = hashOf(stateDict(name, 'torchvision' as Key)) === hashOf(tensors);
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
});
