import type { Graph } from '../document/schema.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import type { GraphReport, ShapedGraph } from '../graph/shapedGraph.ts';
import { validate } from '../graph/validate.ts';
import type { Message } from '../words/message.ts';
import { modelSource as kerasSource } from './keras/modelSource.ts';
import { writeNetwork } from './keras/writeNetwork.ts';
import type { SourceLine } from './sourceLine.ts';
import { modelSource as torchSource } from './torch/modelSource.ts';
import { torchNotes } from './torch/torchNotes.ts';

/** The export formats with a `model.py`. */
export const SOURCE_FORMATS = ['pytorch', 'keras'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** A network as source code. */
export interface NetworkSource {
  /** The lines of `model.py`, as an export without folding writes it; empty where `refusals` has any. */
  readonly lines: readonly SourceLine[];
  /** What the framework expresses in another way. */
  readonly notes: readonly Message[];
  /** Why the framework cannot express the network. */
  readonly refusals: readonly Message[];
}

const WRITERS: Readonly<Record<SourceFormat, (name: string, graph: ShapedGraph) => NetworkSource>> = {
  pytorch: (name, graph) => ({ lines: torchSource(name, graph), notes: torchNotes(graph), refusals: [] }),
  keras: (name, graph) => {
    const network = writeNetwork(graph);
    const { notes, refusals } = network;
    return { lines: refusals.length > 0 ? [] : kerasSource(name, network, graph), notes, refusals };
  },
};

/** The source code of a network, from its blocks and wires alone; no weights are needed. */
export function networkSource(projectName: string, graph: ShapedGraph, format: SourceFormat): NetworkSource {
  return WRITERS[format](projectName, graph);
}

/**
 * The network that the source code of `graph` describes, given its report: also where only the training settings have
 * errors. Null where a block or a wire has an error.
 */
export function sourceNetwork(report: GraphReport, graph: Graph): ShapedGraph | null {
  if (report.graph !== null) return report.graph;
  const valid = validate(graph).graph;
  return valid === null ? null : inferShapes(valid).graph;
}
