import { expect, it } from 'vitest';
import { StatisticsNotFinite } from '#core/batchnorm/finiteStatistics.ts';
import type { Instruction } from '#core/program/instruction.ts';
import type { Program } from '#core/program/program.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { missingMebibytes, nativeErrorCode } from './nativeError.ts';
import { randomFeed, requireAddon, templateProgram } from './testing/programs.ts';

const PROGRAM = templateProgram('mnist-cnn-bn');
const BATCH = 2;
const SCALARS = { learningRate: 0.1, step: 1, randomKey: 1 };

const backend = createNativeBackend(requireAddon());
const open = () => backend.open(PROGRAM.state, { threads: 1, precision: 'f32' });

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

/** The program with its first convolution changed. */
function withConvolution(change: (conv: Instruction) => object): Program {
  const at = PROGRAM.instructions.findIndex(({ op }) => op === 'convForward');
  const instructions = PROGRAM.instructions.map((one, index) =>
    index === at ? { ...one, ...change(one) } : one,
  );
  return { ...PROGRAM, instructions };
}

/** The code of the error that preparing `program` throws. */
function codeOfPreparing(program: Program): unknown {
  const thrown = thrownBy(() => open().prepare(program, BATCH));
  return nativeErrorCode(thrown instanceof Error ? thrown.cause : null);
}

it('a program that does not fit is invalid', () => {
  expect(codeOfPreparing(withConvolution(() => ({ kernel: [5, 5] })))).toBe('invalid');
});

it('an instruction that oneDNN has nothing for is unsupported', () => {
  expect(codeOfPreparing(withConvolution(() => ({ stride: [2, 2] })))).toBe('unsupported');
});

it('a batch without finite statistics has a code of its own, which the session turns into its error', () => {
  const prepared = open().prepare(PROGRAM, BATCH);
  const { images, labels } = randomFeed(PROGRAM, BATCH, 1);
  const spoiled = { images: Float32Array.from(images).fill(NaN), ...(labels ? { labels } : {}) };
  expect(thrownBy(() => prepared.run(spoiled, SCALARS))).toBeInstanceOf(StatisticsNotFinite);
});

it('an error of anyone else has none', () => {
  expect(nativeErrorCode(new Error('statistics of the batch are not finite'))).toBeNull();
  expect(nativeErrorCode(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBeNull();
  expect(nativeErrorCode('invalid')).toBeNull();
});

it('tells how much memory could not be had', () => {
  const lacking = Object.assign(new Error('out of memory'), { code: 'out-of-memory', mebibytes: 300 });
  expect(missingMebibytes(lacking)).toBe(300);
  expect(missingMebibytes(Object.assign(new Error('no'), { code: 'invalid', mebibytes: 300 }))).toBeNull();
  expect(missingMebibytes(Object.assign(new Error('no'), { code: 'out-of-memory' }))).toBeNull();
});
