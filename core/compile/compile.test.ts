import { describe, expect, it } from 'vitest';
import { ALL_CASES } from '../conformance/cases.ts';
import { compileCase, PLAIN_SGD } from '../conformance/experiment.ts';
import { chain, network, networkGraph, shaped, type Body } from '../conformance/networks.ts';
import { TRAINED_CASES } from '../conformance/training.ts';
import { must } from '../diagnostics/invariantError.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { instantiateTemplate, TEMPLATES } from '../templates/templates.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Op } from '../program/instruction.ts';
import type { Program } from '../program/program.ts';
import { checkProgram } from '../conformance/checkProgram.ts';
import { compile } from './compile.ts';
import { bytesInput, type CompileOptions } from './options.ts';

const OPTIONS: CompileOptions = {
  mode: 'train',
  input: { type: 'f32' },
  optimizer: PLAIN_SGD,
  labelSmoothing: 0,
};
const MODES = ['train', 'evaluate', 'calibrate'] as const;

function compiled(graph: ShapedGraph, options: Partial<CompileOptions> = {}): Program {
  return compile(graph, { ...OPTIONS, ...options });
}

function count(program: Program, op: Op): number {
  return program.instructions.filter((instruction) => instruction.op === op).length;
}

function kindsOfTensors(program: Program): Set<string> {
  return new Set(program.tensors.map(({ kind }) => kind));
}

describe.each([true, false])('programs of every case are sound, fuse %s', (fuse) => {
  it.each(MODES)('%s', (mode) => {
    for (const one of [...ALL_CASES, ...TRAINED_CASES]) {
      const program = compileCase(one, { mode, fuse });
      expect(checkProgram(program), one.name).toEqual([]);
    }
  });
});

describe.each(TEMPLATES.map(({ name }) => name))('template %s', (name) => {
  const graph = must(checkGraph(instantiateTemplate(name).graph).graph, name);
  it.each(MODES)('compiles for %s into plain data', (mode) => {
    const program = compiled(graph, { mode });
    expect(checkProgram(program)).toEqual([]);
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });
  it('has one state layout in all modes', () => {
    const [train, ...others] = MODES.map((mode) => compiled(graph, { mode }).state);
    for (const other of others) expect(other).toEqual(train);
  });
});

describe('modes', () => {
  const body = chain(['conv2d', { filters: 4 }], ['batchNorm'], ['relu'], ['dropout']);
  const graph = network([3, 6, 6], body);
  it('has gradients, moments and an update in training only', () => {
    expect(kindsOfTensors(compiled(graph))).toContain('parameterGradient');
    expect(compiled(graph).optimizer).toEqual(PLAIN_SGD);
    for (const mode of ['evaluate', 'calibrate'] as const) {
      const program = compiled(graph, { mode });
      expect(program.optimizer).toBeNull();
      expect(kindsOfTensors(program)).not.toContain('gradient');
      expect(kindsOfTensors(program)).not.toContain('saved');
      expect(count(program, 'dropout') + count(program, 'updateStatistics')).toBe(0);
    }
  });
  it('smooths labels in training only', () => {
    const smoothing = (mode: CompileOptions['mode']): unknown =>
      compiled(graph, { mode, labelSmoothing: 0.2 }).instructions.find(({ op }) => op === 'lossForward');
    expect(smoothing('train')).toMatchObject({ labelSmoothing: 0.2 });
    expect(smoothing('evaluate')).toMatchObject({ labelSmoothing: 0 });
  });
  it('reports statistics when it calibrates', () => {
    expect(kindsOfTensors(compiled(graph, { mode: 'calibrate' }))).toContain('batchStatistic');
    expect(kindsOfTensors(compiled(graph, { mode: 'evaluate' }))).not.toContain('batchStatistic');
  });
});

describe('gradients', () => {
  const frozenNorm = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
  it('end at the lowest trainable parameter', () => {
    const graph = network(
      [3, 4, 4],
      chain(['batchNorm', frozenNorm], ['tanh'], ['conv2d', { filters: 2 }], ['sigmoid']),
    );
    const program = compiled(graph);
    expect(count(program, 'convBackwardWeights')).toBe(1);
    expect(count(program, 'convBackwardData')).toBe(0);
    expect(count(program, 'batchNormBackward')).toBe(0);
    expect(count(program, 'activationBackward')).toBe(1);
  });
  it('go down to the input when asked', () => {
    const graph = network([3, 4, 4], chain(['batchNorm', frozenNorm], ['tanh'], ['conv2d', { filters: 2 }]));
    const program = compiled(graph, { inputGradient: true });
    expect(count(program, 'convBackwardData')).toBe(1);
    expect(count(program, 'batchNormBackward')).toBe(1);
    const gradient = must(program.outputs.inputGradient, 'input gradient');
    expect(program.tensors[gradient]?.dims).toEqual([3, 4, 4]);
  });
  it('cannot be asked of bytes', () => {
    const input = { type: 'u8', mean: [0], deviation: [1] } as const;
    expect(() => compiled(network([1, 2, 2], chain()), { input, inputGradient: true })).toThrow(/bytes/);
  });
  it('meet in one sum for each tensor of several uses', () => {
    const body: Body = (add, input) => {
      const stem = add('conv2d', [input], { filters: 2 });
      return add('add', [stem, add('tanh', [stem]), add('sigmoid', [stem]), stem], { inputs: 4 });
    };
    const program = compiled(network([3, 4, 4], body));
    const sums = program.instructions.filter((one) => one.op === 'sum').map((one) => one.srcs.length);
    expect(sums).toEqual([4, 4]);
  });
  it('are null for the untrained sources of a concatenation', () => {
    const program = compiled(
      network([3, 4, 4], (add, input) => add('concat', [input, add('conv2d', [input], { filters: 2 })])),
    );
    const cut = program.instructions.find((one) => one.op === 'concatBackward');
    expect(cut).toMatchObject({ sizes: [3, 2] });
    expect(cut?.op === 'concatBackward' && cut.diffSrcs.map((src) => src !== null)).toEqual([false, true]);
  });
  it('of gamma or beta alone are left out when that one is fixed', () => {
    const program = compiled(network([3, 4, 4], chain(['batchNorm', { trainGamma: false }])));
    const backward = program.instructions.find((one) => one.op === 'batchNormBackward');
    expect(backward).toMatchObject({ diffGamma: null, diffSrc: null, diffBeta: expect.any(Number) });
  });
});

describe('fusion', () => {
  const relu = (program: Program): number => count(program, 'activationForward');
  it('takes a ReLU into the BatchNorm before it, unless told not to', () => {
    const graph = network([3, 4, 4], chain(['batchNorm'], ['relu']));
    expect(relu(compiled(graph))).toBe(0);
    expect(relu(compiled(graph, { fuse: false }))).toBe(1);
  });
  it('leaves a ReLU whose BatchNorm is read elsewhere too', () => {
    const graph = network([3, 4, 4], (add, input) => {
      const norm = add('batchNorm', [input]);
      return add('add', [norm, add('relu', [norm])]);
    });
    expect(relu(compiled(graph))).toBe(1);
  });
  it('takes a ReLU6 as well', () => {
    const program = compiled(network([3, 4, 4], chain(['batchNorm'], ['relu6'])));
    expect(relu(program)).toBe(0);
    expect(program.instructions.filter((one) => 'fusedActivation' in one)).toMatchObject([
      { op: 'batchNormForward', fusedActivation: 'relu6' },
      { op: 'batchNormBackward', fusedActivation: 'relu6' },
    ]);
  });
  it('leaves other activations', () => {
    expect(relu(compiled(network([3, 4, 4], chain(['batchNorm'], ['leakyRelu']))))).toBe(1);
  });
  it('keeps no mask where no gradient passes', () => {
    const frozen = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
    const program = compiled(network([3, 4, 4], chain(['batchNorm', frozen], ['relu'], ['maxPool'])));
    expect(program.instructions.find((one) => one.op === 'batchNormForward')).toMatchObject({
      fusedActivation: 'relu',
      mask: null,
    });
    expect(program.instructions.find((one) => one.op === 'maxPoolForward')).toMatchObject({ indices: null });
  });
});

describe('order', () => {
  it('updates statistics behind every backward instruction', () => {
    const graph = network(
      [3, 6, 6],
      chain(['conv2d'], ['batchNorm'], ['conv2d'], ['batchNorm', { normalizeBy: 'stored' }]),
    );
    const ops = compiled(graph).instructions.map(({ op }) => op);
    expect(ops.slice(-2)).toEqual(['updateStatistics', 'updateStatistics']);
    expect(count(compiled(graph), 'updateStatistics')).toBe(2);
  });
  it('does not depend on how the file was written', () => {
    const graph = networkGraph([3, 6, 6], (add, input) => {
      const stem = add('conv2d', [input], { filters: 4 });
      return add('concat', [add('relu', [add('batchNorm', [stem])]), add('dropout', [stem])]);
    });
    const backwards = {
      nodes: Object.fromEntries(Object.entries(graph.nodes).reverse()),
      wires: Object.fromEntries(Object.entries(graph.wires).reverse()),
    };
    expect(compiled(shaped(backwards))).toEqual(compiled(shaped(graph)));
    expect(JSON.stringify(compiled(shaped(backwards)))).toBe(JSON.stringify(compiled(shaped(graph))));
  });
});

describe('byte input', () => {
  const graph = network([3, 4, 4], chain());
  it('is scaled by the deviation, a constant channel only centred', () => {
    const program = compiled(graph, { input: { type: 'u8', mean: [1, 2, 3], deviation: [4, 0, 5] } });
    expect(program.instructions[0]).toMatchObject({
      op: 'normalizeInput',
      mean: [1, 2, 3],
      scale: [0.25, 1, 0.2],
      reversesChannels: false,
    });
    expect(program.inputType).toBe('u8');
  });
  it('of a network of B, G, R is read in reverse', () => {
    const program = compiled(graph, {
      input: bytesInput({ mean: [1, 2, 3], deviation: [4, 5, 6], channelOrder: 'bgr' }),
    });
    expect(program.instructions[0]).toMatchObject({ mean: [1, 2, 3], reversesChannels: true });
  });
  it('needs one mean and deviation for each channel', () => {
    expect(() => compiled(graph, { input: { type: 'u8', mean: [1], deviation: [1] } })).toThrow(/do not fit/);
  });
});

it('zeroes the gradient of a parameter that the loss does not depend on', () => {
  const graph = network([3, 4, 4], chain(['conv2d', { filters: 2 }]));
  const stray = { ...must(graph.order[1], 'conv'), id: 'stray' };
  const withStray = { ...graph, order: [...graph.order, stray] } as unknown as ShapedGraph;
  const program = compiled(withStray);
  expect(checkProgram(program)).toEqual([]);
  expect(program.state.parameters.map(({ name }) => name)).toContain('stray.weights');
  expect(count(program, 'zero')).toBe(2);
  expect(count(program, 'convForward')).toBe(1);
});
