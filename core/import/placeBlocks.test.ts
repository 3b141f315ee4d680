import { describe, expect, it } from 'vitest';
import { toNodeId, type NodeId } from '../diagnostics/ids.ts';
import { endpoint, type Endpoint } from '../document/endpoint.ts';
import type { Graph, NodeRecord } from '../document/schema.ts';
import { autoLayout } from '../layout/autoLayout.ts';
import { placeBlocks } from './placeBlocks.ts';

/** A chain of `length` blocks; each Add also takes the first block where `isFan`. */
function chain(length: number, isFan = false): Graph {
  const ids = Array.from({ length }, (_, index) => toNodeId(`b${index}`));
  const nodes: [NodeId, NodeRecord][] = [];
  const wires: [Endpoint, Endpoint][] = [];
  const [first = toNodeId('b0')] = ids;
  ids.forEach((id, index) => {
    nodes.push([id, { kind: isFan ? 'add' : 'relu', params: {} }]);
    const before = ids[index - 1];
    if (before === undefined) return;
    wires.push([endpoint(id, isFan ? 'in1' : 'in'), endpoint(before, 'out')]);
    if (isFan) wires.push([endpoint(id, 'in2'), endpoint(first, 'out')]);
  });
  return { nodes: Object.fromEntries(nodes), wires: Object.fromEntries(wires) };
}

describe('placeBlocks', () => {
  it('lays out a network of a usual size in layers', () => {
    expect(placeBlocks(chain(12))).toEqual(autoLayout(chain(12)));
  });

  it.each([
    ['a long chain', chain(20_000)],
    ['many long wires', chain(400, true)],
  ])('places %s in columns, each block at a place of its own', (_name, graph) => {
    const positions = placeBlocks(graph);
    const places = Object.values(positions).map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(Object.keys(graph.nodes).length);
    expect(positions[toNodeId('b0')]).toEqual({ x: 0, y: 0 });
  });
});
