import { describe, expect, it } from 'vitest';
import { networkGraph } from '../conformance/networks.ts';
import { must } from '../diagnostics/invariantError.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { withNode, withParam } from '../rewrites/graphEdits.ts';
import { inferPart, inferShapes } from './inferShapes.ts';
import { validate } from './validate.ts';

/** Input -> conv2d1 -> relu1 -> flat -> logits -> output, and relu2 after conv2d1, which feeds nothing. */
const graph = networkGraph([3, 8, 8], (add, input) => {
  const conv = add('conv2d', [input], { filters: 4 });
  add('relu', [conv]);
  return add('relu', [conv]);
});
const node = (id: string) => toNodeId(id);

describe('from validation to shapes', () => {
  it('gives a valid graph the shapes of its blocks, and of those that are left out of training', () => {
    const valid = must(validate(graph).graph, 'a valid graph');
    const inference = inferShapes(valid);
    expect(inference.diagnostics).toEqual([]);
    expect(inference.graph?.order.map(({ id, shape }) => [id, shape])).toEqual([
      ['input', [3, 8, 8]],
      ['conv2d1', [4, 8, 8]],
      ['relu2', [4, 8, 8]],
      ['flat', [256]],
      ['logits', [3]],
      ['output', [3]],
    ]);
    expect(inference.nodes.get(node('relu1'))?.shape).toEqual([4, 8, 8]);
  });

  it('makes no shaped graph when a block refuses what it gets, and tells the first cause only', () => {
    const tooLarge = withParam(
      withParam(graph, node('conv2d1'), 'padding', 'valid'),
      node('conv2d1'),
      'kernel',
      11,
    );
    const inference = inferShapes(must(validate(tooLarge).graph, 'a valid graph'));
    expect(inference.graph).toBeNull();
    expect(inference.diagnostics.map(({ code, nodeId }) => [code, nodeId])).toEqual([
      ['shape-empty', 'conv2d1'],
    ]);
    expect([...inference.nodes.keys()]).toEqual(['input']);
  });

  it('takes into the valid part what is right and stands behind nothing wrong', () => {
    const faulty = withParam(graph, node('flat'), 'nobody', 1);
    const wrong = withNode(faulty, node('conv2d1'), { kind: 'conv2d', params: { filters: -1 } });
    const { part, graph: valid } = validate(wrong);
    expect(valid).toBeNull();
    expect(part.map(({ id }) => id)).toEqual(['input']);
    expect(inferPart(validate(faulty).part).nodes.has(node('relu2'))).toBe(true);
    expect(inferPart(validate(faulty).part).nodes.has(node('logits'))).toBe(false);
  });
});
