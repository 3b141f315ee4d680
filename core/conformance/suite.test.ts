import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { planOf } from '../optimizers/registry.ts';
import type { Program } from '../program/program.ts';
import type { Backend } from '../backend/backend.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { CASES_BY_FAMILY } from './cases.ts';
import { expectSameState, expectSameStep } from './comparison.ts';
import type { ConformanceCase } from './conformanceCase.ts';
import { compileCase, observeOnce, openExperiment, trainSteps } from './experiment.ts';
import { expectAllClose, expectNormClose } from './expectAllClose.ts';
import { expectGradientsOfDifferences } from './gradientCheck.ts';
import { BF16_TOLERANCES, F32_TOLERANCES } from './tolerances.ts';
import { OPTIMIZERS, TRAINED_CASES } from './training.ts';

const PLAIN = { relative: 0.1, absolute: 0.01 };

describe('expectAllClose', () => {
  it('allows absolute + relative * |expected|', () => {
    expectAllClose([1.1, 0.01, -2.2], [1, 0, -2], PLAIN, 'inside');
    expectAllClose([], [], PLAIN, 'nothing');
  });
  it('names the worst element', () => {
    expect(() => expectAllClose([1, 3, 2], [1, 2, 1], PLAIN, 'logits')).toThrow(
      /logits: element 2 of 3 is 2, expected 1/,
    );
  });
  it('takes no NaN, no other length', () => {
    expect(() => expectAllClose([NaN], [NaN], PLAIN, 'x')).toThrow(/element 0/);
    expect(() => expectAllClose([0, NaN, 9], [0, 1, 1], PLAIN, 'x')).toThrow(/element 1/);
    expect(() => expectAllClose([1], [1, 2], PLAIN, 'x')).toThrow(/length/);
  });
  it('measures norms as a whole', () => {
    expectNormClose([3, 4.4], [3, 4], PLAIN, 'inside');
    expect(() => expectNormClose([3, 4.6], [3, 4], PLAIN, 'x')).toThrow(/off by 0.6000 where 0.5100/);
    expect(() => expectNormClose([NaN], [1], PLAIN, 'x')).toThrow(/off by NaN/);
  });
});

/** The reference backend, running a changed program: a backend with a defect. */
function sabotaged(change: (program: Program) => Program): Backend {
  return {
    ...referenceBackend,
    open(layout, options) {
      const session = referenceBackend.open(layout, options);
      return { ...session, prepare: (program, batch) => session.prepare(change(program), batch) };
    },
  };
}

function changing(op: string, change: (instruction: Program['instructions'][number]) => object): Backend {
  return sabotaged((program) => ({
    ...program,
    instructions: program.instructions.map((one) => (one.op === op ? { ...one, ...change(one) } : one)),
  }));
}

function caseNamed(part: string): ConformanceCase {
  return must(
    Object.values(CASES_BY_FAMILY)
      .flat()
      .find(({ name }) => name.startsWith(part)),
    part,
  );
}

/** Possible defects of a backend, the case that must detect each, and the expected message. */
const MISTAKES: readonly (readonly [string, string, Backend, RegExp])[] = [
  [
    'epsilon',
    'batchNorm per feature, batch of two',
    changing('batchNormForward', () => ({ epsilon: 0 })),
    /logits/,
  ],
  [
    'estimator',
    'batchNorm per feature, batch of two',
    changing('updateStatistics', () => ({ estimator: 'biased' })),
    /variance/,
  ],
  [
    'decay and 1 - decay swapped',
    'batchNorm per feature, batch of five',
    changing('updateStatistics', () => ({ decay: 0.1 })),
    /mean/,
  ],
  [
    'statistics through the gradient',
    'batchNorm per channel, batch of five',
    changing('batchNormBackward', () => ({ normalizeBy: 'stored' })),
    /gradient/,
  ],
  [
    'mask forgotten',
    'batchNorm and ReLU, batch',
    changing('batchNormBackward', () => ({ fusedActivation: null, mask: null })),
    /gradient/,
  ],
  [
    'padding on the other side',
    'conv 3x3 same stride 2',
    changing('convForward', () => ({ padding: [1, 1, 0, 0] })),
    /logits/,
  ],
  [
    'padding counted',
    'avgPool 3x3 stride 2 padded',
    changing('averagePoolBackward', () => ({ padding: [0, 0, 0, 0] })),
    /gradient/,
  ],
  [
    'class weights forgotten backward',
    'cross-entropy with class weights',
    changing('lossBackward', () => ({ classWeights: null })),
    /gradient/,
  ],
  [
    'another epsilon within a sample',
    'layerNorm of 8 channels',
    changing('sampleNormForward', () => ({ epsilon: 1 })),
    /logits/,
  ],
  [
    'all channels in place of groups',
    'groupNorm of 8 channels',
    changing('sampleNormForward', () => ({ groups: 1 })),
    /logits/,
  ],
  [
    'a gradient that takes mean and variance for constants of other sets',
    'layerNorm at each pixel of 8 channels',
    changing('sampleNormBackward', () => ({ over: 'groups' })),
    /gradient/,
  ],
  ['another mask', 'dropout', changing('dropout', () => ({ salt: 77 })), /logits/],
];

describe('the suite sees', () => {
  it.each(MISTAKES)('%s', (_, caseName, backend, where) => {
    const one = caseNamed(caseName);
    const expected = observeOnce(referenceBackend, 'f64', one);
    const actual = observeOnce(backend, 'f64', one);
    const { state } = compileCase(one);
    expect(() => expectSameStep(actual, expected, state, F32_TOLERANCES)).toThrow(where);
    expect(() => expectSameStep(actual, expected, state, BF16_TOLERANCES)).toThrow(where);
  });

  it.each(['batchNormBackward', 'convBackwardWeights', 'lossBackward'])(
    'a wrong %s against central differences',
    (op) => {
      const backend = changing(op, (instruction) => {
        if (instruction.op === 'batchNormBackward') return { normalizeBy: 'stored' };
        return instruction.op === 'lossBackward' ? { classWeights: [2, 1, 1] } : { padding: [0, 0, 0, 0] };
      });
      const one = caseNamed('batchNorm and ReLU, batch');
      expect(() => {
        expectGradientsOfDifferences(backend, one);
      }).toThrow(/gradient of/);
    },
  );

  it('any two optimizers apart after three steps', () => {
    const one = must(TRAINED_CASES[0], 'case');
    const states = OPTIMIZERS.map(([, settings]) => {
      const program = compileCase(one, { optimizer: planOf(settings) });
      const session = openExperiment(referenceBackend, 'f64', program);
      trainSteps(session, program, one, 3);
      return session.state.slice(0, program.state.parameterSize);
    });
    const { state: layout } = compileCase(one);
    states.forEach((state, index) => {
      for (const other of states.slice(index + 1)) {
        expect(() => expectSameState(state, other, layout, F32_TOLERANCES)).toThrow(/state of/);
      }
    });
  });
});
