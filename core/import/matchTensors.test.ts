import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import type { ForeignTensor } from './foreignModel.ts';
import { matchTensors, ownNaming, reportOf } from './matchTensors.ts';
import { slotsOf } from './slots.ts';

const document = tinyDocument();
const slots = slotsOf(must(checkGraph(document.graph).graph, 'graph'), document.training);
const naming = ownNaming(slots);

/** A tensor that counts up from 0. */
function tensor(name: string, dims: readonly number[]): ForeignTensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { name, dims, dtype: 'f32', read: () => Float32Array.from({ length: size }, (_, index) => index) };
}

/** conv1 [4, 1, 3, 3], bn1 [4], dense1 [3, 144], as PyTorch names and orders them. */
const STATE_DICT = [
  tensor('conv1.weight', [4, 1, 3, 3]),
  tensor('bn1.weight', [4]),
  tensor('bn1.bias', [4]),
  tensor('bn1.running_mean', [4]),
  tensor('bn1.running_var', [4]),
  tensor('bn1.num_batches_tracked', []),
  tensor('dense1.weight', [3, 144]),
  tensor('dense1.bias', [3]),
];

describe('matching tensors with the slots of a network', () => {
  it('takes the names of exported files, and passes over the counter of batches', () => {
    const { values, report } = matchTensors(STATE_DICT, slots, naming);
    expect(report).toEqual({
      ...{ matched: 7, slots: 7, missing: [], unexpected: [], wrongShape: [], transposed: [] },
    });
    expect([...values.keys()].sort()).toEqual(slots.map(({ name }) => name).sort());
    expect(values.get('bn1.variance')?.from).toEqual(['bn1.running_var']);
  });

  it('takes the names of the state layout', () => {
    const own = slots.map(({ name, dims }) => tensor(name, dims));
    expect(matchTensors(own, slots, naming).report.matched).toBe(7);
  });

  it('lists each tensor that does not fit, once, with both shapes', () => {
    const changed = STATE_DICT.filter(({ name }) => name !== 'bn1.bias').map((each) =>
      each.name === 'dense1.weight' ? tensor('dense1.weight', [10, 144]) : each,
    );
    const { values, report } = matchTensors([...changed, tensor('extra', [2])], slots, naming);
    expect(report).toEqual({
      ...{ matched: 5, slots: 7, missing: ['bn1.beta'], unexpected: ['extra'], transposed: [] },
      wrongShape: [{ slot: 'dense1.weights', tensor: 'dense1.weight', found: [10, 144], wanted: [3, 144] }],
    });
    expect(values.has('dense1.weights')).toBe(false);
  });

  it('transposes a matrix whose dims are exchanged, and says so', () => {
    const { values, report } = matchTensors([tensor('dense1.weight', [144, 3])], slots, naming);
    expect(report.transposed).toEqual(['dense1.weights']);
    const read = must(values.get('dense1.weights'), 'weights').read();
    // Row 1 of [3, 144] is column 1 of [144, 3].
    expect([...read.subarray(144, 148)]).toEqual([1, 4, 7, 10]);
  });

  it('passes over dims of 1, which change no order', () => {
    const { report } = matchTensors(
      [tensor('bn1.weight', [1, 4, 1, 1]), tensor('dense1.weight', [3, 144, 1, 1])],
      slots,
      naming,
    );
    expect([report.matched, report.transposed, report.wrongShape]).toEqual([2, [], []]);
  });

  it('does not transpose a kernel, and takes the first of two tensors for one slot', () => {
    const { report } = matchTensors(
      [tensor('conv1.weight', [3, 3, 1, 4]), tensor('bn1.gamma', [4]), tensor('bn1.weight', [4])],
      slots,
      naming,
    );
    expect(report.wrongShape.map(({ slot }) => slot)).toEqual(['conv1.weights']);
    expect(report.unexpected).toEqual(['bn1.weight']);
  });

  it('reports values that are assigned already', () => {
    const value = { dims: [4], from: ['a'], transposed: true, read: () => new Float32Array(4) };
    const report = reportOf(slots, new Map([['bn1.mean', value]]), { wrongShape: [], unexpected: ['b'] });
    expect([report.matched, report.missing.length, report.transposed]).toEqual([1, 6, ['bn1.mean']]);
  });
});
