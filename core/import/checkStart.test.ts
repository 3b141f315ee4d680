import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import { inEnglish } from '../words/catalogues.ts';
import { checkStart } from './checkStart.ts';
import type { SlotValue } from './foreignModel.ts';
import { reportOf, type Match } from './matchTensors.ts';
import { slotsOf } from './slots.ts';

const document = tinyDocument();
const slots = slotsOf(must(checkGraph(document.graph).graph, 'graph'), document.training);

function matchWithout(...absent: readonly string[]): Match {
  const values = new Map(
    slots
      .filter(({ name }) => !absent.includes(name))
      .map(({ name, dims }): [string, SlotValue] => [
        name,
        {
          dims,
          from: [name],
          transposed: false,
          read: () => new Float32Array(dims.reduce((a, b) => a * b, 1)),
        },
      ]),
  );
  return { values, report: reportOf(slots, values, { wrongShape: [], unexpected: [] }) };
}

const REQUEST = {
  graph: document.graph,
  slots,
  source: 'net.pth',
  partial: false,
  weightsClasses: null,
  classes: ['a', 'b', 'c'],
};

describe('what a run takes from trained weights', () => {
  it('initializes the head unless the classes are known to be the same', () => {
    const head = ['dense1.weights', 'dense1.bias'];
    expect(checkStart(matchWithout(), REQUEST).initialized).toEqual(head);
    const other = checkStart(matchWithout(), { ...REQUEST, weightsClasses: ['a', 'c', 'b'] });
    expect(other.initialized).toEqual(head);
    expect(other.values.size).toBe(5);
    const same = checkStart(matchWithout(), { ...REQUEST, weightsClasses: ['a', 'b', 'c'] });
    expect([same.initialized, same.values.size]).toEqual([[], 7]);
  });

  it('initializes a head of another size even for the same classes', () => {
    const match = matchWithout('dense1.weights');
    const start = checkStart(match, { ...REQUEST, weightsClasses: ['a', 'b', 'c'] });
    expect(start.initialized).toEqual(['dense1.weights', 'dense1.bias']);
  });

  it('refuses holes in the trunk by name unless a partial load was chosen', () => {
    const holed = matchWithout('bn1.mean', 'conv1.weights');
    expect(() => checkStart(holed, REQUEST)).toThrow(
      'net.pth has no fitting value for 2 of 7 tensors of this network: conv1.weights, bn1.mean.',
    );
    const start = checkStart(holed, { ...REQUEST, partial: true });
    expect(start.initialized).toEqual(['dense1.weights', 'dense1.bias', 'conv1.weights', 'bn1.mean']);
    expect(start.notes.map(inEnglish)).toEqual([
      'Starts from net.pth: 3 of 7 tensors.',
      'The head dense1 is initialized, since it has to tell apart other classes.',
      'Initialized, since net.pth has no fitting value: conv1.weights, bn1.mean.',
    ]);
  });

  it('refuses weights that fit nowhere, partial or not', () => {
    const nothing = matchWithout(...slots.map(({ name }) => name));
    expect(() => checkStart(nothing, { ...REQUEST, partial: true })).toThrow('No tensor of net.pth belongs');
  });
});
