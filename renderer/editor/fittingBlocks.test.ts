import { describe, expect, it } from 'vitest';
import { blocksAfter, blocksBefore } from './fittingBlocks.ts';

const kinds = (blocks: readonly { kind: string }[]): string[] => blocks.map(({ kind }) => kind);

describe('blocksAfter', () => {
  it('offers convolutions behind a picture, and not behind a vector', () => {
    expect(kinds(blocksAfter([3, 32, 32]))).toEqual(expect.arrayContaining(['conv2d', 'batchNorm', 'add']));
    expect(kinds(blocksAfter([10]))).toEqual(expect.arrayContaining(['batchNorm', 'dense', 'output']));
    expect(kinds(blocksAfter([10]))).not.toContain('conv2d');
    expect(kinds(blocksAfter([10]))).not.toContain('maxPool');
  });
  it('leaves out pooling where the picture is too small for it', () => {
    expect(kinds(blocksAfter([8, 1, 1]))).not.toContain('maxPool');
    expect(kinds(blocksAfter([8, 4, 4]))).toContain('maxPool');
  });
  it('offers everything with an input while the shape is unknown', () => {
    expect(kinds(blocksAfter(null))).toContain('conv2d');
    expect(kinds(blocksAfter(null))).not.toContain('input');
  });
});

describe('blocksBefore', () => {
  it('is everything but Output', () => {
    expect(kinds(blocksBefore())).toContain('input');
    expect(kinds(blocksBefore())).not.toContain('output');
  });
});
