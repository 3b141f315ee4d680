import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectSameStep } from '../conformance/comparison.ts';
import type { ConformanceCase } from '../conformance/conformanceCase.ts';
import { compileCase, makeFeed, observeOnce, openExperiment, scalarsOf } from '../conformance/experiment.ts';
import { shaped } from '../conformance/networks.ts';
import { randomNetworks, type RandomNetwork } from '../conformance/randomNetwork.ts';
import { F64_TOLERANCES } from '../conformance/tolerances.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { must } from '../diagnostics/invariantError.ts';
import { openStream } from '../training/random.ts';
import { checkProgram } from '../conformance/checkProgram.ts';

const randomNetwork = randomNetworks();

function caseOf({ graph, batch }: RandomNetwork): ConformanceCase {
  return { name: 'random', graph: shaped(graph), batch };
}

it('is given sound networks only', () => {
  // The sample includes networks in which strides leave one pixel to a Pad in reflect mode.
  const drawn = fc.sample(randomNetwork, { seed: 1865699759, numRuns: 2000 });
  for (const one of drawn) expect(caseOf(one).graph.order.length).toBeGreaterThan(0);
});

it('compiles any network into sound programs in every mode', () => {
  fc.assert(
    fc.property(randomNetwork, fc.boolean(), (random, fuse) => {
      for (const mode of ['train', 'evaluate', 'calibrate'] as const) {
        expect(checkProgram(compileCase(caseOf(random), { mode, fuse }))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

it('compiles the same program from any order of blocks and wires', () => {
  fc.assert(
    fc.property(randomNetwork, fc.nat(), (random, seed) => {
      const { nodes, wires } = random.graph;
      const graph = { nodes: shuffled(nodes, seed), wires: shuffled(wires, seed) };
      const [one, other] = [random, { ...random, graph }].map((network) => compileCase(caseOf(network)));
      expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    }),
    { numRuns: 40 },
  );
});

it('fuses without changing any result', () => {
  fc.assert(
    fc.property(randomNetwork, (random) => {
      const one = caseOf(random);
      const [fused, plain] = [true, false].map((fuse) => observeOnce(referenceBackend, 'f64', one, { fuse }));
      expectSameStep(must(fused, 'fused'), must(plain, 'plain'), compileCase(one).state, F64_TOLERANCES);
    }),
    { numRuns: 25 },
  );
});

/**
 * Along a random direction d: `(L(w + h d) - L(w - h d)) / 2h = gradient . d`, for all parameters and the input at
 * once.
 */
it('differentiates any network along any direction', () => {
  fc.assert(
    fc.property(randomNetwork, fc.nat({ max: 1000 }), (random, seed) => {
      const { slope, size, difference } = directionalDerivatives(caseOf(random), seed);
      // A step across a kink of a ReLU or a maximum adds an error of up to its share of the slope.
      expect(Math.abs(slope - difference)).toBeLessThan(1e-4 * size + 1e-8);
    }),
    { numRuns: 30 },
  );
});

function directionalDerivatives(one: ConformanceCase, seed: number) {
  const step = 1e-6;
  const program = compileCase(one);
  const session = openExperiment(referenceBackend, 'f64', program, { seed });
  const prepared = session.prepare(program, one.batch);
  const feed = makeFeed(program, one, 1, session);
  const start = session.state.slice();
  const images = Float64Array.from(feed.images);
  const random = openStream(seed, 'direction');
  const along = start.map((_, i) => (isTrained(program.state.parameters, i) ? random.normal() : 0));
  const alongImages = images.map(() => random.normal());
  const lossAt = (distance: number): number => {
    session.state.set(start.map((value, i) => value + distance * (along[i] ?? 0)));
    const moved = images.map((value, i) => value + distance * (alongImages[i] ?? 0));
    prepared.run({ ...feed, images: moved }, { ...scalarsOf(1), learningRate: 0 });
    return prepared.loss();
  };
  lossAt(0);
  const atInput = Float64Array.from(must(prepared.inputGradient, 'input gradient'));
  const terms = [
    ...Array.from(prepared.gradients, (value, i) => value * (along[i] ?? 0)),
    ...Array.from(atInput, (value, i) => value * (alongImages[i] ?? 0)),
  ];
  const slope = terms.reduce((sum, term) => sum + term, 0);
  const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
  const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
  session.close();
  return { slope, size, difference };
}

function isTrained(
  slots: readonly { offset: number; size: number; trainable: boolean }[],
  index: number,
): boolean {
  return slots.some(({ offset, size, trainable }) => trainable && index >= offset && index < offset + size);
}

function shuffled<T>(record: Readonly<Record<string, T>>, seed: number): Record<string, T> {
  const random = openStream(seed, 'shuffle');
  const keyed = Object.entries(record).map((entry) => ({ entry, key: random.uint32() }));
  return Object.fromEntries(keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry));
}
