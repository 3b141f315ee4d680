import { describe, expect, it } from 'vitest';
import { endpoint } from '#core/document/endpoint.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { applyCommand } from '#core/edit/applyCommand.ts';
import type { Command } from '#core/edit/command.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { CARD } from '#core/layout/card.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { createDocument } from '#core/document/create.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { commandsAfter, commandsAtPort, commandsIntoWire, commandsOnWire, lowestOf } from './placing.ts';

const network = instantiateTemplate('mnist-cnn-bn');
const conv = toNodeId('conv1');

function run(document: GraphDocument, commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(inEnglish(result.reason));
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

  it('adds a block without wires behind an Output', () => {
    const behind = run(network, commandsAfter(network, toNodeId('output'), 'relu'));
    expect(Object.keys(behind.graph.wires)).toHaveLength(Object.keys(network.graph.wires).length);
    expect(overlaps(behind)).toBe(false);
  });
});

describe('commandsOnWire', () => {
  it('takes one wire of a block that feeds several, and makes room', () => {
    const resnet = instantiateTemplate('resnet20');
    const wire = endpoint(toNodeId('s1b1add'), 'in2');
    const source = resnet.graph.wires[wire];
    const after = run(resnet, commandsOnWire(resnet, wire, 'dropout') ?? []);
    expect(after.graph.wires[wire]).toBe('dropout1.out');
    expect(after.graph.wires[endpoint(toNodeId('dropout1'), 'in')]).toBe(source);
    expect(after.graph.wires[endpoint(toNodeId('s1b1conv1'), 'in')]).toBe(source);
    expect(overlaps(after)).toBe(false);
  });
  it('is null for what cannot stand in a wire', () => {
    expect(commandsOnWire(network, endpoint(conv, 'in'), 'output')).toBeNull();
    expect(commandsOnWire(network, endpoint(conv, 'in'), 'input')).toBeNull();
    expect(commandsOnWire(network, endpoint(toNodeId('input'), 'in'), 'relu')).toBeNull();
  });
});

describe('lowestOf', () => {
  it('is the block lowest on the canvas', () => {
    expect(lowestOf(network, [toNodeId('output'), conv])).toBe('output');
    expect(lowestOf(network, [])).toBeNull();
  });
});

describe('commandsAtPort', () => {
  it('feeds the new block from an output', () => {
    const from = { port: endpoint(conv, 'out'), side: 'out' as const };
    const after = run(network, commandsAtPort(network, 'batchNorm', from, { x: 500, y: 300 }));
    expect(after.graph.wires[endpoint(toNodeId('bn2'), 'in')]).toBe('conv1.out');
    expect(after.layout.positions[toNodeId('bn2')]).toEqual({ x: 500 - CARD.width / 2, y: 300 });
  });
  it('drawn back from an input puts the new block into the wire that is there', () => {
    const from = { port: endpoint(conv, 'in'), side: 'in' as const };
    const after = run(network, commandsAtPort(network, 'dropout', from, { x: 0, y: 300 }));
    expect(after.graph.wires[endpoint(conv, 'in')]).toBe('dropout1.out');
    expect(after.graph.wires[endpoint(toNodeId('dropout1'), 'in')]).toBe('input.out');
    expect(checkGraph(after.graph).graph).not.toBeNull();
    expect(overlaps(after)).toBe(false);
  });
  it('drawn back from an input without a wire feeds that input alone', () => {
    const cut = run(network, [{ type: 'disconnect', to: endpoint(conv, 'in') }]);
    const from = { port: endpoint(conv, 'in'), side: 'in' as const };
    const after = run(cut, commandsAtPort(cut, 'dropout', from, { x: 500, y: 300 }));
    expect(after.graph.wires[endpoint(conv, 'in')]).toBe('dropout1.out');
    expect(after.graph.wires[endpoint(toNodeId('dropout1'), 'in')]).toBeUndefined();
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
