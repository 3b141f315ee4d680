import type { TrainedModel } from '#core/export/trainedModel.ts';
import { findLogitsParam } from '#core/graph/logits.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import type { PreparedRun } from './prepareRun.ts';

/** The network of a run with the values of its state before the first step, for evaluation and measurement. */
export function startingModel(
  { document, graph, manifest }: Pick<PreparedRun, 'document' | 'graph' | 'manifest'>,
  layout: StateLayout,
  state: FloatArray,
): TrainedModel {
  return {
    ...{ document, graph, layout, state },
    classNames: manifest.classNames,
    preprocessing: manifest.preprocessing,
    provenance: {
      statistics: 'moving-average',
      ...(manifest.start === undefined ? {} : { start: manifest.start }),
      ...{ batchesSeen: 0, epochs: 0, step: 0, normlabVersion: manifest.normlabVersion },
    },
  };
}

/** True where every tensor of the head came with trained weights: the classes are those of the weights. */
export function keepsHead({ document, manifest }: PreparedRun, { parameters }: StateLayout): boolean {
  const head = findLogitsParam(document.graph)?.nodeId;
  const initialized = new Set(manifest.start?.initialized);
  return (
    manifest.start !== undefined &&
    head !== undefined &&
    parameters.every(({ node, name }) => node !== head || !initialized.has(name))
  );
}
