import { describe, expect, it } from 'vitest';
import type { Graph, Position } from '../document/schema.ts';
import { autoLayout } from './autoLayout.ts';
import { CARD } from './card.ts';
import { wiresOf } from '../graph/lookup.ts';
import { GraphBuilder } from '../templates/graphBuilder.ts';
import { instantiateTemplate, templatesOf } from '../templates/templates.ts';

function overlaps(places: readonly Position[]): number {
  return places.flatMap((a, index) =>
    places
      .slice(index + 1)
      .filter((b) => Math.abs(a.x - b.x) < CARD.width && Math.abs(a.y - b.y) < CARD.height),
  ).length;
}

describe('autoLayout', () => {
  for (const name of [
    ...templatesOf('small').map((template) => template.name),
    'resnet18',
    'squeezenet1-1',
  ]) {
    it(`places ${name} without overlaps, from 0, 0 on, down or right`, () => {
      const { graph } = instantiateTemplate(name);
      for (const direction of ['down', 'right'] as const) {
        const positions = autoLayout(graph, direction);
        const places = Object.values(positions);
        expect(Object.keys(positions).sort()).toEqual(Object.keys(graph.nodes).sort());
        expect(overlaps(places)).toBe(0);
        expect(Math.min(...places.map((place) => place.x))).toBe(0);
        expect(Math.min(...places.map((place) => place.y))).toBe(0);
      }
    });
  }

  it('lets every wire run down, or on to a column further right', () => {
    const { graph } = instantiateTemplate('resnet20');
    const positions = autoLayout(graph);
    const place = (id: string): Position => positions[id as never] ?? { x: NaN, y: NaN };
    for (const { from, to } of wiresOf(graph)) {
      const [start, end] = [place(from.node), place(to.node)];
      expect(end.y > start.y || end.x >= start.x + CARD.width).toBe(true);
    }
    expect(Math.max(...Object.values(positions).map(({ y }) => y))).toBeLessThan(2500);
  });

  it('is the same each time, and stands circles, stray wires and an empty graph', () => {
    const { graph } = instantiateTemplate('vgg-bn');
    expect(autoLayout(graph)).toEqual(autoLayout(structuredClone(graph)));
    expect(autoLayout({ nodes: {}, wires: {} })).toEqual({});
    const odd = {
      nodes: { a: { kind: 'relu', params: {} }, b: { kind: 'relu', params: {} } },
      wires: { 'a.in': 'b.out', 'b.in': 'a.out', 'c.in': 'a.out', 'a.in2': 'a.out' },
    } as unknown as Graph;
    expect(overlaps(Object.values(autoLayout(odd)))).toBe(0);
  });

  it('places blocks whose ids are names that every object has', () => {
    const builder = new GraphBuilder();
    let last = builder.add('constructor', 'input', [0, 0], []);
    for (const id of ['toString', 'hasOwnProperty', 'valueOf'])
      last = builder.add(id, 'relu', [0, 0], [last]);
    const positions = Object.values(autoLayout(builder.build().graph));
    expect(positions).toHaveLength(4);
    expect(overlaps(positions)).toBe(0);
  });
});
