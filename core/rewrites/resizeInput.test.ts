import { describe, expect, it } from 'vitest';
import type { Graph, NodeRecord } from '../document/schema.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { withParam } from './graphEdits.ts';
import { findLogitsParam } from '../graph/logits.ts';
import { withInputAndClasses } from './resizeInput.ts';
import { instantiateTemplate, TEMPLATES } from '../templates/templates.ts';

/** A chain of blocks of these kinds, named after their kinds. */
function chain(...kinds: string[]): Graph {
  const ids = kinds.map((kind, index) => toNodeId(`${kind}${index}`));
  const merged = Object.fromEntries(ids.slice(1).map((id, index) => [`${id}.in`, `${ids[index]}.out`]));
  const nodes = ids.map((id, index): [string, NodeRecord] => [id, { kind: kinds[index] ?? '', params: {} }]);
  return { nodes: Object.fromEntries(nodes), wires: merged as Graph['wires'] };
}

describe('withInputAndClasses', () => {
  for (const { name } of TEMPLATES) {
    it(`makes ${name} the template of that size`, () => {
      const size = { inputShape: [3, 40, 48], classes: 5 } as const;
      const { graph } = withInputAndClasses(instantiateTemplate(name), size);
      expect(graph).toEqual(instantiateTemplate(name, size).graph);
      expect(checkGraph(graph).graph).toMatchObject(size);
    });
  }

  it('changes nothing else, and nothing at all where all fits', () => {
    const document = instantiateTemplate('resnet20');
    expect(withInputAndClasses(document, { inputShape: [3, 32, 32], classes: 10 })).toBe(document);
    expect(withInputAndClasses(document, {})).toBe(document);
    const graph = withParam(document.graph, toNodeId('dense1'), 'units', 3);
    expect(withInputAndClasses(document, { classes: 3 })).toEqual({ ...document, graph });
  });
});

describe('findLogitsParam', () => {
  it('walks back over blocks that keep the number of features', () => {
    expect(findLogitsParam(chain('input', 'dense', 'batchNorm', 'dropout', 'output'))).toEqual({
      nodeId: 'dense1',
      param: 'units',
    });
    expect(findLogitsParam(chain('input', 'conv2d', 'relu', 'maxPool', 'globalAvgPool', 'output'))).toEqual({
      nodeId: 'conv2d1',
      param: 'filters',
    });
    const squeezeNet = chain('input', 'conv2d', 'relu', 'adaptiveAvgPool', 'flatten', 'output');
    expect(findLogitsParam(squeezeNet)).toEqual({ nodeId: 'conv2d1', param: 'filters' });
    const larger = { kind: 'adaptiveAvgPool', params: { height: 2 } };
    const nodes = { ...squeezeNet.nodes, [toNodeId('adaptiveAvgPool3')]: larger };
    expect(findLogitsParam({ ...squeezeNet, nodes })).toBeNull();
  });

  it('gives up where a Flatten multiplies, at a merge, in a circle and without an Output', () => {
    expect(findLogitsParam(chain('input', 'conv2d', 'flatten', 'output'))).toBeNull();
    expect(findLogitsParam(chain('input', 'dense', 'add', 'output'))).toBeNull();
    expect(findLogitsParam(chain('input', 'dense'))).toBeNull();
    const circle = {
      ...chain('relu', 'tanh', 'output'),
      wires: { 'relu0.in': 'tanh1.out', 'tanh1.in': 'relu0.out', 'output2.in': 'tanh1.out' },
    } as unknown as Graph;
    expect(findLogitsParam(circle)).toBeNull();
  });
});
