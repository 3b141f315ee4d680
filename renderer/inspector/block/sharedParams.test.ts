import { describe, expect, it } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { findDefinition } from '#core/nodes/registry.ts';
import { commonValue, isVisible, sharedParams } from './sharedParams.ts';

const definition = (kind: string) => must(findDefinition(kind), kind);
const holder = (id: string, params: Record<string, number | boolean | string>) => ({
  id: toNodeId(id),
  params,
});

describe('sharedParams', () => {
  it('are those of the same name and type', () => {
    expect(sharedParams([definition('conv2d'), definition('dense')])).toEqual([
      'bias',
      'initializer',
      'initialDeviation',
      'initialValue',
      'trainWeights',
      'rateFactor',
    ]);
    expect(sharedParams([definition('conv2d'), definition('relu')])).toEqual([]);
    expect(sharedParams([])).toEqual([]);
  });
});

describe('commonValue', () => {
  const spec = must(definition('conv2d').params['filters'], 'filters');
  it('is the value all have, an absent one being the default', () => {
    expect(commonValue([holder('a', { filters: 32 }), holder('b', {})], 'filters', spec)).toBe(32);
    expect(commonValue([holder('a', { filters: 8 }), holder('b', {})], 'filters', spec)).toBeNull();
  });
});

describe('isVisible', () => {
  const conv = definition('conv2d');
  const spec = must(conv.params['kernelX'], 'kernelX');
  it('follows the parameter it depends on', () => {
    expect(isVisible([holder('a', { rectangular: true })], conv, spec)).toBe(true);
    expect(isVisible([holder('a', {})], conv, spec)).toBe(false);
    expect(isVisible([holder('a', { rectangular: true }), holder('b', {})], conv, spec)).toBe(false);
  });
  it('follows what that one depends on in turn', () => {
    const norm = definition('batchNorm');
    const bound = must(norm.params['renormMaxR'], 'renormMaxR');
    expect(isVisible([holder('a', { renorm: true })], norm, bound)).toBe(true);
    expect(isVisible([holder('a', { renorm: true, normalizeBy: 'stored' })], norm, bound)).toBe(false);
  });
});
