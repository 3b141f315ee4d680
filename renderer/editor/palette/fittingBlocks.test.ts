import { describe, expect, it } from 'vitest';
import type { Endpoint } from '#core/document/endpoint.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { applyCommand } from '#core/edit/applyCommand.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { blocksAfter, blocksBefore } from './fittingBlocks.ts';

const kinds = (blocks: readonly { kind: string }[]): string[] => blocks.map(({ kind }) => kind);

describe('blocksAfter', () => {
  it('offers convolutions behind an image, and not behind a vector', () => {
    expect(kinds(blocksAfter([3, 32, 32]))).toEqual(expect.arrayContaining(['conv2d', 'batchNorm', 'add']));
    expect(kinds(blocksAfter([10]))).toEqual(expect.arrayContaining(['batchNorm', 'dense', 'output']));
    expect(kinds(blocksAfter([10]))).not.toContain('conv2d');
    expect(kinds(blocksAfter([10]))).not.toContain('maxPool');
  });
  it('leaves out pooling where the image is too small for it', () => {
    expect(kinds(blocksAfter([8, 1, 1]))).not.toContain('maxPool');
    expect(kinds(blocksAfter([8, 4, 4]))).toContain('maxPool');
  });
  it('offers everything with an input while the shape is unknown', () => {
    expect(kinds(blocksAfter(null))).toContain('conv2d');
    expect(kinds(blocksAfter(null))).not.toContain('input');
  });
});

describe('blocksBefore', () => {
  const network = instantiateTemplate('mnist-cnn-bn');
  const before = (document: GraphDocument, target: string): string[] =>
    kinds(blocksBefore(document, checkGraph(document.graph), target as Endpoint));
  const cut = (target: string): GraphDocument => {
    const result = applyCommand(network, { type: 'disconnect', to: target as Endpoint });
    if (!result.ok) throw new Error(inEnglish(result.reason));
    return result.document;
  };

  it('offers only what leaves every block behind it sound, where a wire is there already', () => {
    const kindsBefore = before(network, 'bn1.in');
    expect(kindsBefore).toEqual(expect.arrayContaining(['relu', 'dropout', 'conv2d', 'batchNorm']));
    for (const misfit of ['flatten', 'dense', 'globalAvgPool', 'input', 'output'])
      expect(kindsBefore).not.toContain(misfit);
  });
  it('offers for a free input what can give a shape that its block takes', () => {
    expect(before(cut('conv1.in'), 'conv1.in')).toEqual(
      expect.arrayContaining(['conv2d', 'relu', 'maxPool']),
    );
    expect(before(cut('conv1.in'), 'conv1.in')).not.toContain('flatten');
    expect(before(cut('conv1.in'), 'conv1.in')).not.toContain('dense');
    expect(before(cut('output.in'), 'output.in')).toContain('dense');
    expect(before(cut('output.in'), 'output.in')).not.toContain('conv2d');
  });
  it('offers a second Input nowhere', () => {
    expect(before(cut('conv1.in'), 'conv1.in')).not.toContain('input');
  });
  it('keeps to the other input of a merge', () => {
    const resnet = instantiateTemplate('resnet20');
    const kindsBefore = before(resnet, 's1b1add.in2');
    expect(kindsBefore).toContain('batchNorm');
    expect(kindsBefore).not.toContain('conv2d');
    expect(kindsBefore).not.toContain('maxPool');
  });
});
