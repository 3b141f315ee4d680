import { describe, expect, it } from 'vitest';
import type { Graph, NodeRecord, Params } from '../document/schema.ts';
import { checkGraph } from './checkGraph.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { inEnglish } from '../words/catalogues.ts';
import { wordDiagnostic, type WordedDiagnostic } from '../diagnostics/wordDiagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** `block: kind` or `block: [kind, params]`, and wires as `from > to` (ports `out` and `in` unless named). */
function graphOf(nodes: Record<string, string | [string, Params]>, wires: string): Graph {
  const records = Object.entries(nodes).map(([id, node]): [string, NodeRecord] => {
    const [kind, params] = typeof node === 'string' ? [node, {}] : node;
    return [id, { kind, params }];
  });
  const pairs = wires.split(/\s*;\s*/).flatMap((wire) => {
    const path = wire.split(/\s*>\s*/);
    return path.slice(1).map((to, index): [string, string] => {
      const from = path[index]?.replace(/\..*/, '');
      return [to.includes('.') ? to : `${to}.in`, `${from}.out`];
    });
  });
  return { nodes: Object.fromEntries(records), wires: Object.fromEntries(pairs) } as Graph;
}

/** `severity code block[.port][:param]` of every finding, sorted as reported. */
function findings(graph: Graph): string[] {
  return checkGraph(graph).diagnostics.map(
    ({ severity, code, nodeId, port, param }) =>
      `${severity} ${code} ${nodeId ?? '-'}${port ? `.${port}` : ''}${param ? `:${param}` : ''}`,
  );
}

const SMALL = { input: 'input', flat: 'flatten', dense: 'dense', output: 'output' };

function english(found: Diagnostic | undefined): WordedDiagnostic | undefined {
  return found && wordDiagnostic(found, inEnglish);
}

describe('checkGraph', () => {
  it('passes a sound graph, with shapes, counts and order', () => {
    const report = checkGraph(graphOf(SMALL, 'input > flat > dense > output'));
    expect(report.diagnostics).toEqual([]);
    expect(report.graph).toMatchObject({ classes: 10, inputShape: [3, 32, 32], parameterCount: 30_730 });
    expect(report.graph?.order.map((node) => node.id)).toEqual(['input', 'flat', 'dense', 'output']);
    expect(report.shapes.get('flat' as never)).toEqual([3072]);
    expect(report.parameterCounts.get('dense' as never)).toBe(30_730);
  });

  it('names the blocks of a circle in their order', () => {
    const graph = graphOf(
      { ...SMALL, b: 'relu', a: 'relu', sum: 'add', c: 'relu' },
      'input > sum.in1 ; c > sum.in2 ; sum > b > a > c ; input > flat > dense > output',
    );
    const [cycle] = checkGraph(graph).diagnostics;
    expect(cycle).toMatchObject({ code: 'cycle', severity: 'error', nodeId: 'a' });
    expect(cycle && inEnglish(cycle.message)).toBe(
      'The wires form a cycle: ReLU a → ReLU c → Add sum → ReLU b → ReLU a.',
    );
    expect(checkGraph(graph).graph).toBeNull();
  });

  it('tells two circles apart, one of a block that feeds itself', () => {
    const graph = graphOf(
      { ...SMALL, a: 'relu', b: 'relu', c: 'relu' },
      'input > flat > dense > output ; a > b > a ; c > c',
    );
    expect(findings(graph)).toEqual(['error cycle a', 'error cycle c']);
  });

  it('collects every problem at its block, port and parameter', () => {
    const graph = graphOf(
      {
        input: ['input', { channels: 2 }],
        conv: ['conv2d', { filters: 0, colour: 1 }],
        warp: 'warp',
        sum: ['add', { inputs: 3 }],
        dense: ['dense', { units: 'ten' }],
        output: 'output',
      },
      'input > conv > sum.in1 ; ghost > sum.in2 ; conv > sum.in4 ; sum > warp > dense > output ; conv > gone',
    );
    expect(findings(graph)).toEqual([
      'error param-range conv:filters',
      'error param-unknown conv:colour',
      'error param-type dense:units',
      'error kind-unknown warp',
      'error wire-dangling sum.in2',
      'error port-unknown sum.in4',
      'error wire-missing sum.in3',
      'error param-range input:channels',
      'warning wire-dangling conv.in',
    ]);
  });

  it('offers the one change that repairs a wrong parameter or a missing port', () => {
    const graph = graphOf(
      { ...SMALL, input: ['input', { height: 9000 }], sum: 'add' },
      'input > flat > dense > sum.in1 ; dense > sum.in2 ; dense > sum.in3 ; sum > output',
    );
    expect(checkGraph(graph).diagnostics.map((found) => wordDiagnostic(found, inEnglish).fix)).toEqual([
      { title: 'Set height to 4096', nodeId: 'input', param: 'height', value: 4096 },
      { title: 'Give it 3 inputs', nodeId: 'sum', param: 'inputs', value: 3 },
    ]);
  });

  it('wants one Input and one Output', () => {
    expect(findings({ nodes: {}, wires: {} })).toEqual(['error input-missing -', 'error output-missing -']);
    const graph = graphOf(
      { ...SMALL, input2: 'input', output2: 'output' },
      'input > flat > dense > output ; dense > output2',
    );
    expect(findings(graph)).toEqual([
      'error input-many input2',
      'error output-many output2',
      'warning lint-dead-end input2',
    ]);
  });

  it('leaves stray blocks out of training, whatever is wrong with them', () => {
    const graph = graphOf(
      { ...SMALL, stray: 'conv2d', end: ['dense', { units: 0 }], sum: 'add' },
      'input > flat > dense > output ; flat > end ; flat > sum.in1',
    );
    expect(findings(graph)).toEqual([
      'warning unreachable stray',
      'warning lint-dead-end end',
      'warning lint-dead-end sum',
      'warning param-range end:units',
      'warning wire-missing sum.in2',
    ]);
    expect(checkGraph(graph).graph?.order.map((node) => node.id)).toEqual([
      'input',
      'flat',
      'dense',
      'output',
    ]);
  });

  it('says once what is missing while the network is half built', () => {
    const graph = graphOf({ ...SMALL, conv: ['conv2d', { filters: 0 }] }, 'input > conv ; flat > dense');
    expect(findings(graph)).toEqual([
      'error param-range conv:filters',
      'error wire-missing output.in',
      'warning unreachable dense',
      'warning unreachable flat',
      'warning lint-dead-end conv',
    ]);
  });

  it('infers shapes of all blocks that a wrong one does not stand before', () => {
    const graph = graphOf(
      {
        ...SMALL,
        left: ['conv2d', { filters: 8, stride: 2 }],
        right: ['conv2d', { filters: 4 }],
        sum: 'add',
        tooLarge: ['conv2d', { kernel: 40, padding: 'valid' }],
        behind: 'relu',
        join: 'concat',
      },
      'input > left > sum.in1 ; input > right > sum.in2 ; input > tooLarge > behind > join.in1 ; sum > join.in2 ; join > dense ; input > flat ; dense > output',
    );
    const report = checkGraph(graph);
    expect(findings(graph).filter((finding) => finding.startsWith('error'))).toEqual([
      'error shape-mismatch sum.in2',
      'error shape-empty tooLarge:kernel',
    ]);
    expect(english(report.diagnostics[0])?.message).toBe(
      'Add sum adds 8 × 16 × 16 (in1) and 4 × 32 × 32 (in2), but shapes must be equal.',
    );
    expect([...report.shapes.keys()].sort()).toEqual(['flat', 'input', 'left', 'right']);
  });

  it('sends an image before a Dense to Flatten, and calls blocks by their label', () => {
    const graph = graphOf(SMALL, 'input > dense > output ; input > flat');
    const labelled = {
      ...graph,
      nodes: { ...graph.nodes, ['dense' as never]: { kind: 'dense', label: 'Logits', params: {} } },
    };
    expect(english(checkGraph(labelled).diagnostics[0])).toMatchObject({
      code: 'shape-rank',
      port: 'in',
      message: 'Logits needs a vector but gets an image of 3 × 32 × 32.',
      hint: 'Put Flatten or GlobalAvgPool before it.',
    });
  });

  it('refuses to train a network without a trained parameter', () => {
    expect(
      findings(graphOf({ input: 'input', flat: 'flatten', output: 'output' }, 'input > flat > output')),
    ).toEqual(['error no-parameters -']);
    const fixed: [string, Params] = ['batchNorm', { trainGamma: false, trainBeta: false }];
    const frozen = graphOf(
      { input: 'input', gap: 'globalAvgPool', bn: fixed, output: 'output' },
      'input > gap > bn > output',
    );
    expect(findings(frozen)).toEqual(['error nothing-trains -']);
  });

  it('survives ids that are names of built-in properties', () => {
    const graph = graphOf(
      SMALL,
      'input > flat > dense > output ; constructor > toString ; constructor > flat.toString',
    );
    expect(findings(graph)).toEqual(['error wire-dangling flat.toString', 'warning wire-dangling -.in']);
  });
});

describe('lints', () => {
  const lint = (nodes: Record<string, string | [string, Params]>, path: string): string[] =>
    findings(graphOf({ input: 'input', flat: 'flatten', dense: 'dense', output: 'output', ...nodes }, path));

  it('a bias before a BatchNorm that takes it out again', () => {
    const path = 'input > conv > bn > flat > dense > output';
    expect(lint({ conv: 'conv2d', bn: 'batchNorm' }, path)).toEqual(['hint lint-bias-before-norm conv:bias']);
    expect(lint({ conv: ['conv2d', { bias: false }], bn: 'batchNorm' }, path)).toEqual([]);
    expect(lint({ conv: 'conv2d', bn: ['batchNorm', { normalizeBy: 'stored' }] }, path)).toEqual([]);
    expect(lint({ conv: 'conv2d', bn: 'instanceNorm' }, path)).toEqual([
      'hint lint-bias-before-norm conv:bias',
    ]);
    // Within a group or a sample, a bias per channel shifts channels relative to each other, so it has an effect.
    expect(lint({ conv: 'conv2d', bn: 'layerNorm' }, path)).toEqual([]);
    expect(lint({ conv: 'conv2d', bn: 'groupNorm' }, path)).toEqual([]);
    const branching = 'input > conv > bn > sum.in1 ; conv > sum.in2 ; sum > flat > dense > output';
    expect(lint({ conv: 'conv2d', bn: 'batchNorm', sum: 'add' }, branching)).toEqual([]);
  });

  it('a decay that looks like PyTorch’s momentum, with the repair', () => {
    const nodes: Record<string, [string, Params]> = { bn: ['batchNorm', { decay: 0.1 }] };
    expect(lint(nodes, 'input > bn > flat > dense > output')).toEqual([
      'warning lint-pytorch-momentum bn:decay',
    ]);
    const report = checkGraph(graphOf({ ...SMALL, ...nodes }, 'input > bn > flat > dense > output'));
    expect(report.diagnostics[0]?.fix?.value).toBe(0.9);
    expect(report.graph).not.toBeNull();
    expect(lint({ bn: ['batchNorm', { decay: 0.5 }] }, 'input > bn > flat > dense > output')).toEqual([]);
  });

  it.each([
    ['batch', 'warning'],
    ['stored', 'hint'],
  ])('statistics that nothing ever sets, of a block that normalizes by %s', (normalizeBy, severity) => {
    const path = 'input > bn > flat > dense > output';
    expect(lint({ bn: ['batchNorm', { normalizeBy, updateStatistics: false }] }, path)).toEqual([
      `${severity} lint-statistics-never-set bn:updateStatistics`,
    ]);
    expect(lint({ bn: ['batchNorm', { normalizeBy, updateStatistics: true }] }, path)).toEqual([]);
  });

  it('a Softmax before the loss, which applies softmax itself', () => {
    const nodes = { ...SMALL, soft: 'softmax' };
    const { diagnostics, graph } = checkGraph(graphOf(nodes, 'input > flat > dense > soft > output'));
    expect(diagnostics.map(({ code, nodeId }) => [code, nodeId])).toEqual([
      ['lint-softmax-before-loss', 'soft'],
    ]);
    expect(english(diagnostics[0])?.message).toContain('applies softmax, and the loss of');
    expect(graph).not.toBeNull();
  });

  it('activations before the loss and in a row', () => {
    expect(lint({ relu: 'relu' }, 'input > flat > dense > relu > output')).toEqual([
      'warning lint-softmax-before-loss relu',
    ]);
    const twice = 'input > a > b > flat > dense > output';
    expect(lint({ a: 'relu', b: 'relu' }, twice)).toEqual(['warning lint-activation-twice b']);
    expect(lint({ a: 'relu', b: 'tanh' }, twice)).toEqual(['hint lint-activation-twice b']);
  });
});

describe('checking as one types', () => {
  it('takes little time for 1,000 blocks, and nothing depends on the order in the file', () => {
    const { graph } = instantiateTemplate('vgg-bn');
    const backwards: Graph = {
      nodes: Object.fromEntries(Object.entries(graph.nodes).reverse()),
      wires: Object.fromEntries(Object.entries(graph.wires).reverse()),
    };
    const ids = (checked: Graph): unknown => checkGraph(checked).graph?.order.map((node) => node.id);
    expect(ids(backwards)).toEqual(ids(graph));

    const names = Array.from({ length: 1000 }, (_, index) => `r${index}`);
    const long = graphOf(
      { ...SMALL, ...Object.fromEntries(names.map((name) => [name, 'gelu'])) },
      `input > ${names.join(' > ')} > flat > dense > output`,
    );
    checkGraph(long);
    const start = performance.now();
    expect(checkGraph(long).graph?.order).toHaveLength(1004);
    // Takes some 20 ms on an idle machine; the margin is for a busy one.
    expect(performance.now() - start).toBeLessThan(500);
  });
});
