import type { BatchesRead } from '../batchnorm/statisticsPass.ts';
import type { Preprocessing } from '../document/preprocessing.ts';
import type { GraphDocument } from '../document/schema.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { StateLayout } from '../program/stateLayout.ts';

/** Everything an exporter needs from a trained network; plain data, independent of any backend. */
export interface TrainedModel {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  readonly layout: StateLayout;
  /** Values in canonical layout; parameters and statistics are read, moments are ignored. */
  readonly state: Float32Array | Float64Array;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly provenance: {
    /** How the frozen statistics were obtained. */
    readonly statistics: 'moving-average' | 'exact';
    /**
     * For exact statistics, the batches that they were measured on, where that is known: over a part of the batches
     * they are an estimate.
     */
    readonly read?: BatchesRead;
    /** Present when the weights are the moving average of the trained ones. */
    readonly weights?: 'ema';
    /** Present when the weights are from the best epoch, not from the last checkpoint. */
    readonly checkpoint?: 'best';
    /** Present when training started from trained weights. */
    readonly start?: {
      /** Name of the file or run that they were read from. */
      readonly source: string;
      /** Tensors that began with their initializers instead, by the names of the state layout. */
      readonly initialized: readonly string[];
    };
    /** Number of training batches that updated the statistics. */
    readonly batchesSeen: number;
    /** The same for each BatchNorm block, where they were counted one by one: in weights trained elsewhere. */
    readonly seenBy?: ReadonlyMap<string, number>;
    /** Completed epochs. */
    readonly epochs: number;
    /** Number of updates of the weights. */
    readonly step: number;
    readonly normlabVersion: string;
  };
}
