import { expect } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import type { Backend, ComputePrecision, Feed } from '../backend/backend.ts';
import { compileCase, makeFeed, openExperiment, scalarsOf } from './experiment.ts';
import { TRAINED_CASES } from './training.ts';

/**
 * The loss of mixed images and its gradients are linear in the target: `share` times those of the first labels plus `1
 * - share` times those of the second labels. Correct predictions are counted against the first labels.
 */
export function expectMixedLabels(backend: Backend, precision: ComputePrecision): void {
  const one = must(TRAINED_CASES[0], 'case');
  const program = compileCase(one);
  const session = openExperiment(backend, precision, program);
  const prepared = session.prepare(program, one.batch);
  const start = session.state.slice();
  const feed = makeFeed(program, one, 1, session);
  const labels = must(feed.labels, 'labels');
  const others = labels.map((label) => (label + 1) % program.classes);
  const run = (more: Partial<Feed>) => {
    session.state.set(start);
    prepared.run({ ...feed, labels, ...more }, { ...scalarsOf(1), learningRate: 0 });
    return {
      loss: prepared.loss(),
      correct: prepared.correct(),
      gradients: Float64Array.from(prepared.gradients),
    };
  };
  const [first, second] = [run({}), run({ labels: others })];
  const share = 0.75;
  const shares = new Float32Array(labels.length);
  const mixed = run({ mix: { labels: others, shares: shares.fill(share) } });
  const tolerance = precision === 'bf16' ? 0.03 : 1e-4;
  expect(mixed.loss).toBeCloseTo(share * first.loss + (1 - share) * second.loss, 5);
  expect(mixed.correct).toBe(first.correct);
  const scale = Math.max(...first.gradients.map(Math.abs));
  mixed.gradients.forEach((gradient, at) => {
    const expected = share * (first.gradients[at] ?? NaN) + (1 - share) * (second.gradients[at] ?? NaN);
    expect(Math.abs(gradient - expected) / scale).toBeLessThan(tolerance);
  });
  expect(mixed.gradients).not.toEqual(first.gradients);
  expect(run({ mix: { labels: others, shares: shares.fill(1) } }).loss).toBeCloseTo(first.loss, 10);
  session.close();
}
