import { describe, expect, it } from 'vitest';
import type { FloatArray } from '../program/floatArray.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { ALL_CASES } from '../conformance/cases.ts';
import { checkProgram } from '../conformance/checkProgram.ts';
import { chainCase, type ConformanceCase } from '../conformance/conformanceCase.ts';
import { compileCase, makeFeed, openExperiment, scalarsOf } from '../conformance/experiment.ts';
import { expectAllClose } from '../conformance/expectAllClose.ts';
import { chain, network } from '../conformance/networks.ts';
import { DIFFERENCE_STEP, DIFFERENCE_TOLERANCE } from '../conformance/tolerances.ts';
import { must } from '../diagnostics/invariantError.ts';
import { nodesReachingOutput } from './reachability.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { CROSS_ENTROPY } from '../program/loss.ts';
import type { Program } from '../program/program.ts';

const NORMALIZED = chainCase('norm', [3, 6, 6], 2, ['conv2d', { filters: 4 }], ['batchNorm'], ['relu']);

function tapped(one: ConformanceCase, nodes: readonly string[], gradients = true): Program {
  return compileCase(one, { mode: 'evaluate', taps: { nodes: nodes as NodeId[], gradients } });
}

function opsOf({ instructions }: Program): string[] {
  return instructions.map(({ op }) => op);
}

describe('taps', () => {
  it('give valid programs for every block of every network', () => {
    for (const one of ALL_CASES) {
      expect(checkProgram(tapped(one, [...nodesReachingOutput(one.graph)])), one.name).toEqual([]);
    }
  });

  it('keep a BatchNorm apart from its ReLU only where its own output is read', () => {
    const isFused = (node: string): boolean =>
      tapped(NORMALIZED, [node]).instructions.some(
        (one) => 'fusedActivation' in one && one.fusedActivation === 'relu',
      );
    expect(['conv2d1', 'batchNorm1', 'relu1'].map(isFused)).toEqual([true, false, true]);
  });

  it('differentiate down to the tapped block and no further', () => {
    expect(opsOf(tapped(NORMALIZED, ['batchNorm1']))).toEqual([
      ...['convForward', 'batchNormForward', 'activationForward', 'reshape', 'denseForward'],
      ...['lossForward', 'seedLogit', 'denseBackwardData', 'reshape', 'activationBackward'],
    ]);
    expect(opsOf(tapped(NORMALIZED, ['batchNorm1'], false))).not.toContain('seedLogit');
  });

  it('are refused in training', () => {
    expect(() => compileCase(NORMALIZED, { taps: { nodes: [], gradients: false } })).toThrow(/training/);
  });

  it('change nothing else: the same logits as without them', () => {
    const [plain, withTaps] = [
      compileCase(NORMALIZED, { mode: 'evaluate' }),
      tapped(NORMALIZED, ['conv2d1']),
    ];
    expect(runOnce(NORMALIZED, withTaps).logits).toEqual(runOnce(NORMALIZED, plain).logits);
  });
});

/** One logit distinguishes two classes. */
const ONE_LOGIT: ConformanceCase = {
  name: 'one logit',
  graph: network([1, 5, 5], chain(['conv2d', { filters: 3 }], ['batchNorm'], ['relu']), 1),
  batch: 2,
  options: { loss: { ...CROSS_ENTROPY, kind: 'binaryCrossEntropy' } },
};

/** Networks in which a gradient takes every kind of path: branches, windows, products, frozen normalization. */
const DIFFERENTIATED = ALL_CASES.filter(({ batch, name }) => batch === 2 && !name.includes('dropout'));

describe('gradient of a logit at the Input', () => {
  it.each([...DIFFERENTIATED, ONE_LOGIT])('equals central differences: $name', (one) => {
    const program = tapped(one, [one.graph.input.id]);
    const { images, labels, gradients } = runOnce(one, program);
    const each = images.length / one.batch;
    const probes = Array.from({ length: 6 }, (_, i) => Math.floor((i * (images.length - 1)) / 5));
    const expected = probes.map((index) => {
      const n = Math.floor(index / each);
      const score = (shift: number): number => {
        const moved = Float64Array.from(images);
        moved[index] = (moved[index] ?? NaN) + shift;
        return scoreOf(program, runOnce(one, program, moved).logits, n, labels[n] ?? -1);
      };
      return (score(DIFFERENCE_STEP) - score(-DIFFERENCE_STEP)) / (2 * DIFFERENCE_STEP);
    });
    const actual = probes.map((index) => gradients[index] ?? NaN);
    expectAllClose(actual, expected, DIFFERENCE_TOLERANCE, one.name);
  });
});

function scoreOf({ logitCount }: Program, logits: FloatArray, n: number, label: number): number {
  if (logitCount === 1) return (label === 1 ? 1 : -1) * (logits[n] ?? NaN);
  return logits[n * logitCount + label] ?? NaN;
}

function runOnce(
  one: ConformanceCase,
  program: Program,
  images?: Float64Array,
): { logits: FloatArray; images: FloatArray; labels: Int32Array; gradients: FloatArray } {
  const session = openExperiment(referenceBackend, 'f64', program);
  const prepared = session.prepare(program, one.batch);
  const feed = makeFeed(program, one, 1, session);
  const labels = must(feed.labels, 'labels');
  prepared.run({ ...feed, ...(images === undefined ? {} : { images }) }, scalarsOf(1));
  const gradients = prepared.taps[0]?.gradients ?? new Float64Array(0);
  return { logits: prepared.logits, images: feed.images as FloatArray, labels, gradients };
}
