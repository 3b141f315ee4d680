import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createDocument } from '../document/create.ts';
import { parseDocument } from '../document/parse.ts';
import { PROJECT_EXTENSION, type Graph, type GraphDocument, type Position } from '../document/schema.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { autoLayout } from './autoLayout.ts';
import { GraphBuilder } from '../templates/graphBuilder.ts';
import { wiresOf } from '../graph/lookup.ts';
import { crossesBox, piecesOf, sharedLength } from './routeGeometry.ts';
import { instantiateTemplate, templatesOf } from '../templates/templates.ts';
import { cardsOf, routesOf } from './wireRoutes.ts';

type Positions = Readonly<Record<NodeId, Position>>;

/** Wires that pass under a card, as `wire under card`. */
function hidden(graph: Graph, positions: Positions): readonly string[] {
  const cards = [...cardsOf(graph, positions)];
  return [...routesOf(graph, positions)].flatMap(([wire, path]) =>
    piecesOf(path).flatMap((piece) =>
      cards.filter(([, box]) => crossesBox(piece, box)).map(([id]) => `${wire} under ${id}`),
    ),
  );
}

/** Pairs of wires of different sources that overlap for more than a few pixels. */
function merged(graph: Graph, positions: Positions): readonly string[] {
  const sources = new Map(wiresOf(graph).map(({ target, source }) => [target as string, source]));
  const pieces = [...routesOf(graph, positions)].flatMap(([wire, path]) =>
    piecesOf(path).map((piece) => ({ wire, piece })),
  );
  return pieces.flatMap((a, index) =>
    pieces
      .slice(index + 1)
      .filter((b) => sources.get(a.wire) !== sources.get(b.wire) && sharedLength(a.piece, b.piece, 3) > 6)
      .map((b) => `${a.wire} over ${b.wire}`),
  );
}

/** Four layers, each with the block's input and all earlier layers as inputs, as in DenseNet. */
function denseNet(): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], []);
  const outputs = [builder.add('stem', 'conv2d', [0, 1], [input])];
  for (const layer of [1, 2, 3, 4]) {
    const row = 2 + 4 * (layer - 1);
    const [only] = outputs;
    const joined =
      outputs.length === 1 && only
        ? only
        : builder.add(`concat${layer}`, 'concat', [0, row], outputs, { inputs: outputs.length });
    const norm = builder.add(`bn${layer}`, 'batchNorm', [0, row + 1], [joined]);
    const relu = builder.add(`relu${layer}`, 'relu', [0, row + 2], [norm]);
    outputs.push(builder.add(`conv${layer}`, 'conv2d', [0, row + 3], [relu], { filters: 12 }));
  }
  const all = builder.add('concatAll', 'concat', [0, 18], outputs, { inputs: outputs.length });
  const gap = builder.add('gap', 'globalAvgPool', [0, 19], [all]);
  builder.add('output', 'output', [0, 20], [gap]);
  const { graph, positions } = builder.build();
  return { ...createDocument('DenseNet'), graph, layout: { positions } };
}

function examples(): readonly (readonly [string, GraphDocument])[] {
  const folder = new URL('../../examples/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(PROJECT_EXTENSION));
  return names.map((name) => {
    const parsed = parseDocument(readFileSync(new URL(name, folder), 'utf8'));
    if (!parsed.ok) throw new Error(name);
    return [name, parsed.document] as const;
  });
}

/** Large networks with shortcuts beside a column, and with two branches side by side. */
const LARGE = ['resnet18', 'squeezenet1-1'];

const DOCUMENTS: readonly (readonly [string, GraphDocument])[] = [
  ...[...templatesOf('small').map(({ name }) => name), ...LARGE].map(
    (name) => [name, instantiateTemplate(name)] as const,
  ),
  ...examples(),
  ['a network like DenseNet', denseNet()],
];

describe('routesOf', () => {
  for (const [name, { graph, layout }] of DOCUMENTS) {
    it(`${name}: no wire passes under a card or along another's lane, as shipped and arranged`, () => {
      for (const positions of [layout.positions, autoLayout(graph)]) {
        expect(hidden(graph, positions)).toEqual([]);
        expect(merged(graph, positions)).toEqual([]);
      }
    });
  }

  it('leaves a wire with nothing in its way straight', () => {
    const { graph, layout } = instantiateTemplate('mnist-cnn-bn');
    for (const path of routesOf(graph, layout.positions).values()) expect(path).toHaveLength(2);
  });

  it('leads every identity skip of ResNet-20 beside its branch', () => {
    const { graph } = instantiateTemplate('resnet20');
    const positions = autoLayout(graph);
    const routes = routesOf(graph, positions);
    const skips = wiresOf(graph).filter(
      ({ to, from }) => to.node.endsWith('add') && from.node.endsWith('relu2'),
    );
    expect(skips.length).toBeGreaterThanOrEqual(5);
    for (const { target } of skips) expect(routes.get(target)?.length).toBeGreaterThan(2);
  });

  it('gives the same paths each time, and copes with cards that lie on each other and stray wires', () => {
    const { graph, layout } = instantiateTemplate('resnet20');
    expect(routesOf(graph, layout.positions)).toEqual(routesOf(structuredClone(graph), layout.positions));
    const piled = routesOf(graph, {});
    expect(piled.size).toBe(Object.keys(graph.wires).length);
    const odd = { nodes: graph.nodes, wires: { 'nobody.in': 'input.out' } } as unknown as Graph;
    expect(routesOf(odd, layout.positions).size).toBe(0);
  });
});
