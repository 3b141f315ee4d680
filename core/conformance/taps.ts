import { describe, expect, it } from 'vitest';
import type { Backend, ComputePrecision, TapValues } from '../backend/backend.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { nodesReachingOutput } from '../compile/reachability.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import { CASES_BY_FAMILY } from './cases.ts';
import { expectSameTaps } from './comparison.ts';
import type { ConformanceCase } from './conformanceCase.ts';
import { compileCase, makeFeed, openExperiment, scalarsOf } from './experiment.ts';
import { deepened, type Tolerances } from './tolerances.ts';

/** Families whose instructions differ; how the loss is computed does not matter to a logit. */
const FAMILIES = Object.entries(CASES_BY_FAMILY).filter(
  ([family]) => family !== 'loss' && family !== 'threads',
);

/**
 * Outputs of blocks and gradients of a logit at them, in inference. Where all blocks are tapped nothing is fused; where
 * only one of the first blocks is, everything after it may be.
 */
export function describeTaps(backend: Backend, precision: ComputePrecision, tolerances: Tolerances): void {
  describe('outputs of blocks', () => {
    for (const [family, cases] of FAMILIES) {
      describe(family, () => {
        it.each(cases)('$name', (one) => {
          const allowed = deepened(tolerances, one.roundingDepth ?? 1);
          const blocks = tappable(one);
          for (const nodes of [blocks, blocks.slice(0, 1), blocks.slice(1, 2)]) {
            expectSameTaps(observeTaps(backend, precision, one, nodes), expectedOf(one, nodes), allowed);
          }
        });
      });
    }
    it('have no gradient without a label', () => {
      const one = must(CASES_BY_FAMILY['structure']?.[0], 'case');
      const taps = observeTaps(backend, precision, one, tappable(one), -1);
      expect(taps.flatMap(({ gradients }) => Array.from(gradients ?? [NaN]))).toEqual(
        taps.flatMap(({ values }) => Array.from(values, () => 0)),
      );
    });
  });
}

const expectations = new Map<string, readonly TapValues[]>();

/** The taps of the reference, computed once for all precisions of a test file. */
function expectedOf(one: ConformanceCase, nodes: readonly NodeId[]): readonly TapValues[] {
  const key = JSON.stringify([one.name, nodes]);
  const known = expectations.get(key) ?? observeTaps(referenceBackend, 'f64', one, nodes);
  expectations.set(key, known);
  return known;
}

function tappable({ graph }: ConformanceCase): NodeId[] {
  const wanted = nodesReachingOutput(graph);
  return graph.order.map(({ id }) => id).filter((id) => wanted.has(id) && id !== graph.input.id);
}

/** Copies of the taps after a run; `label`: the class of all images, by default a different one for each. */
function observeTaps(
  backend: Backend,
  precision: ComputePrecision,
  one: ConformanceCase,
  nodes: readonly NodeId[],
  label?: number,
): TapValues[] {
  const program = compileCase(one, { mode: 'evaluate', taps: { nodes, gradients: true } });
  const session = openExperiment(backend, precision, program, { threads: one.threads ?? 1 });
  const prepared = session.prepare(program, one.batch);
  const feed = makeFeed(program, one, 1, session);
  const labels = label === undefined ? feed.labels : new Int32Array(one.batch).fill(label);
  prepared.run({ ...feed, ...(labels === undefined ? {} : { labels }) }, scalarsOf(1));
  const taps = prepared.taps.map((tap) => ({
    ...tap,
    values: tap.values.slice(),
    gradients: tap.gradients?.slice() ?? null,
  }));
  session.close();
  return taps;
}
