import { describe, expect, it } from 'vitest';
import { instantiateTemplate } from '../templates/templates.ts';
import { copyDocument } from './create.ts';
import { documentHash } from './documentHash.ts';
import { parseDocument } from './parse.ts';
import { serializeDocument } from './serialize.ts';

const document = instantiateTemplate('bn-mlp');

describe('documentHash', () => {
  it('stays through saving, and through what does not change a run: id, name and places', () => {
    const hash = documentHash(document);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    const parsed = parseDocument(serializeDocument(document));
    expect(parsed.ok && documentHash(parsed.document)).toBe(hash);
    expect(documentHash({ ...copyDocument(document), name: 'Other' })).toBe(hash);
    expect(documentHash({ ...document, layout: { positions: {} } })).toBe(hash);
  });

  it('changes with settings, data and network', () => {
    const others = [
      { ...document, training: { ...document.training, seed: document.training.seed + 1 } },
      { ...document, data: { ...document.data, trainFolder: '/elsewhere' } },
      { ...document, graph: { ...document.graph, wires: {} } },
    ];
    expect(new Set([document, ...others].map(documentHash)).size).toBe(4);
  });
});

describe('copyDocument', () => {
  it('has an id of its own and all else in common', () => {
    const copy = copyDocument(document);
    expect(copy.id).not.toBe(document.id);
    expect({ ...copy, id: document.id }).toEqual(document);
  });
});
