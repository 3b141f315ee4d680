import { describe, expect, it } from 'vitest';
import { endpoint } from '#core/document/endpoint.ts';
import { toNodeId } from '#core/document/ids.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { applyCommand } from '#core/edit/applyCommand.ts';
import type { Command } from '#core/edit/command.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { CARD } from '#core/graph/graphBuilder.ts';
import { instantiateTemplate } from '#core/graph/templates.ts';
import { createDocument } from '#core/document/create.ts';
import { commandsAfter, commandsAtPort, commandsIntoWire, freePlace, lastBlock } from './placing.ts';

const network = instantiateTemplate('mnist-cnn-bn');
const conv = toNodeId('conv1');

function run(document: GraphDocument, commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(result.reason);
    return result.document;
  }, document);
}

function overlaps({ layout: { positions } }: GraphDocument): boolean {
  const places = Object.values(positions);
  return places.some((a, index) =>
    places
      .slice(index + 1)
      .some((b) => Math.abs(a.x - b.x) < CARD.width && Math.abs(a.y - b.y) < CARD.height),
  );
}

describe('commandsAfter', () => {
  it('puts the block into the wires behind the selected one, and makes room', () => {
    const after = run(network, commandsAfter(network, conv, 'dropout'));
    expect(after.graph.wires[endpoint(toNodeId('dropout1'), 'in')]).toBe('conv1.out');
    expect(after.graph.wires[endpoint(toNodeId('bn1'), 'in')]).toBe('dropout1.out');
    expect(checkGraph(after.graph).graph).not.toBeNull();
    expect(overlaps(after)).toBe(false);
  });

  it('takes all wires of a block that feeds several', () => {
    const resnet = instantiateTemplate('resnet20');
    const [fork] = Object.values(resnet.graph.wires)
      .map((source) => source)
      .filter((source, index, all) => all.indexOf(source) !== index);
    const id = toNodeId((fork ?? '').split('.')[0] ?? '');
    const after = run(resnet, commandsAfter(resnet, id, 'dropout'));
    expect(Object.values(after.graph.wires).filter((source) => source === fork)).toHaveLength(1);
    expect(checkGraph(after.graph).graph).not.toBeNull();
    expect(overlaps(after)).toBe(false);
  });

  it('adds a block alone behind an Output and to an empty project', () => {
    const behind = run(network, commandsAfter(network, toNodeId('output'), 'relu'));
    expect(Object.keys(behind.graph.wires)).toHaveLength(Object.keys(network.graph.wires).length);
    const empty = createDocument('x');
    expect(Object.keys(run(empty, commandsAfter(empty, null, 'input')).graph.nodes)).toEqual(['input']);
  });

  it('grows a network at its open end', () => {
    let document = createDocument('x');
    for (const kind of ['input', 'conv2d', 'relu'])
      document = run(document, commandsAfter(document, null, kind));
    expect(document.graph.wires).toEqual({ 'conv1.in': 'input.out', 'relu1.in': 'conv1.out' });
    expect(lastBlock(document)).toBe('relu1');
    expect(overlaps(document)).toBe(false);
  });
});

describe('freePlace', () => {
  it('is where it is wanted, unless a card lies there; then below, however many there are', () => {
    let document = createDocument('x');
    for (let count = 0; count < 5; count += 1) {
      const position = freePlace(document, { x: 30, y: 40 });
      document = run(document, [{ type: 'addNode', kind: 'relu', position }]);
    }
    expect(document.layout.positions[toNodeId('relu1')]).toEqual({ x: 30, y: 40 });
    expect(overlaps(document)).toBe(false);
    const beside = { x: 30 + CARD.width, y: 40 };
    expect(freePlace(document, beside)).toEqual(beside);
  });
});

describe('commandsAtPort', () => {
  it('feeds the new block from an output', () => {
    const from = { port: endpoint(conv, 'out'), side: 'out' as const };
    const after = run(network, commandsAtPort(network, 'batchNorm', from, { x: 500, y: 300 }));
    expect(after.graph.wires[endpoint(toNodeId('bn2'), 'in')]).toBe('conv1.out');
    expect(after.layout.positions[toNodeId('bn2')]).toEqual({ x: 500 - CARD.width / 2, y: 300 });
  });
  it('feeds an input from the new block', () => {
    const from = { port: endpoint(conv, 'in'), side: 'in' as const };
    const after = run(network, commandsAtPort(network, 'dropout', from, { x: 0, y: 300 }));
    expect(after.graph.wires[endpoint(conv, 'in')]).toBe('dropout1.out');
  });
});

describe('commandsIntoWire', () => {
  const loose = run(network, [{ type: 'addNode', kind: 'dropout', position: { x: 900, y: 0 } }]);
  const id = toNodeId('dropout1');
  it('puts a loose block into a wire', () => {
    const commands = commandsIntoWire(loose, id, endpoint(toNodeId('bn1'), 'in'));
    const after = run(loose, commands ?? []);
    expect(after.graph.wires[endpoint(toNodeId('bn1'), 'in')]).toBe('dropout1.out');
    expect(after.graph.wires[endpoint(id, 'in')]).toBe('conv1.out');
  });
  it('leaves blocks that have wires, and those that cannot pass anything on', () => {
    expect(commandsIntoWire(network, conv, endpoint(toNodeId('relu1'), 'in'))).toBeNull();
    const output = run(createDocument('x'), [{ type: 'addNode', kind: 'output', position: { x: 0, y: 0 } }]);
    expect(commandsIntoWire(output, toNodeId('output'), endpoint(conv, 'in'))).toBeNull();
  });
});
