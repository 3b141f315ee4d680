import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDocument } from './create.ts';
import { endpoint } from './endpoint.ts';
import { isNodeId, toNodeId } from '../diagnostics/ids.ts';
import { parseDocument } from './parse.ts';
import type { GraphDocument } from './schema.ts';
import { serializeDocument } from './serialize.ts';
import { inEnglish } from '../words/catalogues.ts';

const nodeId = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,12}$/).map(toNodeId);
const port = fc.constantFrom('in', 'in1', 'out');
const wireEnd = fc.tuple(nodeId, port).map(([id, name]) => endpoint(id, name));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const value = fc.oneof(finite, fc.boolean(), fc.string());
const paramName = fc.string().filter((name) => name !== '__proto__');
const record = fc.record(
  {
    kind: fc.string({ minLength: 1, maxLength: 20 }),
    label: fc.string({ maxLength: 20 }),
    params: fc.dictionary(paramName, value),
  },
  { requiredKeys: ['kind', 'params'] },
);
const documents: fc.Arbitrary<GraphDocument> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 40 }),
    nodes: fc.dictionary(nodeId, record),
    wires: fc.dictionary(wireEnd, wireEnd),
    positions: fc.dictionary(nodeId, fc.record({ x: finite, y: finite })),
  })
  .map(({ name, nodes, wires, positions }) => ({
    ...createDocument(name),
    graph: { nodes, wires },
    layout: { positions },
  }));

function read(text: string): GraphDocument {
  const result = parseDocument(text);
  if (!result.ok) throw new Error(inEnglish(result.error.message));
  return result.document;
}

describe('project files', () => {
  it('read back give the same bytes', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const text = serializeDocument(document);
        expect(serializeDocument(read(text))).toBe(text);
      }),
    );
  });

  it('do not depend on the order in which things were added', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const turned = Object.fromEntries(Object.entries(document.graph.nodes).reverse());
        const other = { ...document, graph: { ...document.graph, nodes: turned } };
        expect(serializeDocument(other)).toBe(serializeDocument(document));
      }),
    );
  });

  it('change in lines of layout only when a block moves', () => {
    fc.assert(
      fc.property(documents, finite, (document, x) => {
        const positions = Object.fromEntries(
          Object.keys(document.graph.nodes)
            .filter(isNodeId)
            .map((id) => [id, { x, y: x }]),
        );
        const before = serializeDocument({ ...document, layout: { positions: {} } }).split('\n');
        const after = serializeDocument({ ...document, layout: { positions } }).split('\n');
        const start = after.indexOf('  "layout": {');
        expect(after.slice(0, start)).toEqual(before.slice(0, start));
        const end = after.indexOf('  },', start);
        const endBefore = before.indexOf('  },', start);
        expect(after.slice(end)).toEqual(before.slice(endBefore));
      }),
    );
  });

  it('that are not project files give a sentence, never an exception', () => {
    const spoiled = fc
      .tuple(documents, fc.nat(), fc.string({ maxLength: 3 }))
      .map(([document, at, piece]) => {
        const text = serializeDocument(document);
        const place = at % text.length;
        return text.slice(0, place) + piece + text.slice(place + 2);
      });
    const notProjects = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"format":"normlab-project","version":1,"graph":${json}}`),
    );
    fc.assert(
      fc.property(fc.oneof(spoiled, notProjects), (text) => {
        const result = parseDocument(text);
        if (!result.ok) expect(inEnglish(result.error.message)).toMatch(/^The (file|project).*\.$/su);
      }),
      { numRuns: 500 },
    );
  });
});
