import type { BatchesRead } from '../batchnorm/statisticsPass.ts';
import type { Preprocessing } from '../document/preprocessing.ts';
import type { GraphDocument } from '../document/schema.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { StateLayout } from '../program/stateLayout.ts';

/** Everything an exporter needs of a trained network; plain data, no backend. */
export interface TrainedModel {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  readonly layout: StateLayout;
  /** Canonical values; parameters and statistics are read, moments ignored. */
  readonly state: Float32Array | Float64Array;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly provenance: {
    /** How the frozen statistics came about. */
    readonly statistics: 'moving-average' | 'exact';
    /**
     * Of exact statistics, what was read for them, where that is known: with a part of the batches they are an
     * estimate.
     */
    readonly read?: BatchesRead;
    /** Present when the weights are the moving average of those that were trained. */
    readonly weights?: 'ema';
    /** Present when the weights are those of the best epoch, not of the last checkpoint. */
    readonly checkpoint?: 'best';
    /** Training batches that the statistics have seen. */
    readonly batchesSeen: number;
    readonly epochs: number;
    readonly normlabVersion: string;
  };
}
