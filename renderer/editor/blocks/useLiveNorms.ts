import { computed, type ComputedRef } from 'vue';
import type { Graph } from '#core/document/schema.ts';
import { isMoving } from '../../runs/workflow.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useRunStore } from '../../runs/runStore.ts';

const NOTHING: ReadonlyMap<string, number> = new Map();

/** True when a run's BatchNorm blocks are those of this network: only then are its values shown on the cards. */
export function isOfNetwork(drifts: ReadonlyMap<string, number>, graph: Graph): boolean {
  const norms = Object.entries(graph.nodes).filter(([, { kind }]) => kind === 'batchNorm');
  return norms.length === drifts.size && norms.every(([id]) => drifts.has(id));
}

/**
 * While a run of the active project is live: how far each BatchNorm block's running statistics are from the batch's, in
 * standard deviations. Empty at other times and for other projects.
 */
export function useLiveNorms(): ComputedRef<ReadonlyMap<string, number>> {
  const runs = useRunStore();
  const project = useProjectStore();
  return computed(() => {
    const run = runs.current;
    // The values are not reactive: the version changes when there are new ones.
    if (run === null || !runs.isOwn(run) || !isMoving(run) || runs.version < 0) return NOTHING;
    const drifts = runs.drawn.find(({ runId }) => runId === run.runId)?.series.statistics?.drifts;
    return drifts && isOfNetwork(drifts, project.document.graph) ? drifts : NOTHING;
  });
}
