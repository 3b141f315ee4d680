import { describe, expect, it } from 'vitest';
import { PLAIN_SGD } from './experiment.ts';
import { chain, network } from './networks.ts';
import type { Instruction } from '../program/instruction.ts';
import type { Program } from '../program/program.ts';
import type { TensorId } from '../program/tensor.ts';
import { checkProgram } from './checkProgram.ts';
import { compile } from '../compile/compile.ts';

const graph = network([3, 4, 4], chain(['conv2d', { filters: 2 }], ['batchNorm'], ['relu']));
const program = compile(graph, {
  mode: 'train',
  input: { type: 'f32' },
  optimizer: PLAIN_SGD,
  labelSmoothing: 0,
});

function withInstructions(change: (list: readonly Instruction[]) => readonly Instruction[]): Program {
  return { ...program, instructions: change(program.instructions) };
}

function replaced(op: Instruction['op'], change: object): Program {
  return withInstructions((list) => list.map((one) => (one.op === op ? { ...one, ...change } : one)));
}

function idOf(name: string): TensorId {
  return program.tensors.findIndex((spec) => spec.name === name) as TensorId;
}

/** Programs with mistakes that a pass of the compiler could make. */
const BROKEN: readonly (readonly [string, Program, RegExp])[] = [
  ['instructions in the wrong order', withInstructions((list) => [...list].reverse()), /reads .* unwritten/],
  ['an instruction left out', withInstructions((list) => list.slice(1)), /reads conv2d1.out unwritten/],
  ['an instruction twice', withInstructions((list) => [...list, ...list.slice(-2, -1)]), /again/],
  ['a tensor out of range', replaced('convForward', { src: 999 }), /tensor 999, which does not exist/],
  [
    'a parameter written',
    replaced('convForward', { dst: idOf('conv2d1.weights') }),
    /must not write conv2d1.weights/,
  ],
  [
    'a statistic written by a gradient',
    replaced('batchNormBackward', { diffGamma: idOf('batchNorm1.mean') }),
    /must not write batchNorm1.mean/,
  ],
  [
    'a gradient forgotten',
    replaced('convBackwardWeights', { diffBias: null }),
    /gradient of conv2d1.bias is written 0 times/,
  ],
  [
    'the loss forgotten',
    withInstructions((list) => list.filter(({ op }) => op !== 'lossForward')),
    /never written/,
  ],
  [
    'a lifetime too short',
    { ...program, lifetimes: program.lifetimes.map((life) => ({ ...life, last: life.first })) },
    /lifetimes/,
  ],
  ['an id out of place', { ...program, tensors: [...program.tensors].reverse() }, /not its place/],
  [
    'a name twice',
    { ...program, tensors: program.tensors.map((spec) => ({ ...spec, name: 'x' })) },
    /one name/,
  ],
  [
    'a slot of another shape',
    {
      ...program,
      tensors: program.tensors.map((spec) => (spec.kind === 'parameter' ? { ...spec, slot: 0 } : spec)),
    },
    /does not fit its state slot/,
  ],
];

describe('checkProgram', () => {
  it('finds nothing in a sound program', () => {
    expect(checkProgram(program)).toEqual([]);
  });
  it.each(BROKEN)('finds %s', (_, broken, message) => {
    expect(checkProgram(broken).join('\n')).toMatch(message);
  });
});
