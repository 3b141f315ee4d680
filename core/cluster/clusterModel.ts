import type { GraphDocument } from '../document/schema.ts';
import type { Preprocessing } from '../document/preprocessing.ts';
import type { TrainedModel } from '../export/trainedModel.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Program } from '../program/program.ts';
import type { StateLayout } from '../program/stateLayout.ts';

/** The epochs of a run in which the same blocks train. */
export interface ClusterPhase {
  /** The phase ends before this epoch, from 0. */
  readonly untilEpoch: number;
  /** With what is frozen in this phase. */
  readonly graph: ShapedGraph;
  /** The training program of this phase. */
  readonly program: Program;
}

/** An image of the run. */
export interface ClusterImage {
  /** Relative to its folder, with '/'. */
  readonly file: string;
  /** Index of its class. */
  readonly class: number;
  readonly bytes: number;
  /** As in `split.json`. */
  readonly digest: string;
}

/** A run before its first step: all that a project for a cluster is written from. */
export interface ClusterRun {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  /** In order; the last one ends with the run. */
  readonly phases: readonly ClusterPhase[];
  readonly layout: StateLayout;
  /** The state before the first step, in canonical layout. */
  readonly state: Float32Array;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly start: TrainedModel['provenance']['start'];
  readonly normlabVersion: string;
  /** Of the training images, which decide balanced weights and samplers. */
  readonly labels: Int32Array;
  readonly train: readonly ClusterImage[];
  readonly validation: readonly ClusterImage[];
  /** True where the validation images are not in the training folder. */
  readonly hasValidationFolder: boolean;
  /** The text of `split.json`. */
  readonly split: string;
}

/** The trained model that the run would be if it ended before its first step. */
export function untrainedModel(run: ClusterRun): TrainedModel {
  const { document, graph, layout, state, classNames, preprocessing, start, normlabVersion } = run;
  return {
    ...{ document, graph, layout, state, classNames, preprocessing },
    provenance: {
      statistics: 'moving-average',
      ...(start === undefined ? {} : { start }),
      ...{ batchesSeen: 0, epochs: 0, step: 0, normlabVersion },
    },
  };
}
