import { must } from '../diagnostics/invariantError.ts';
import type { GraphDocument } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Message } from '../words/message.ts';
import { caffeNotes } from './caffe/caffeNotes.ts';
import { planFold } from './foldPlan.ts';
import { removeFolded } from './foldRewrite.ts';
import type { ExportFormat } from './formats.ts';
import type { ExportOptions } from './frozenWeights.ts';
import { preprocessingNotes } from './onnx/preprocessing/preprocessingNotes.ts';
import { kerasNotes } from './keras/kerasNotes.ts';
import { torchNotes } from './torch/torchNotes.ts';

/** The differences of each format that has any. */
const DIFFERENCES: Partial<
  Record<
    ExportFormat,
    (graph: ShapedGraph, document: GraphDocument, options: ExportOptions) => readonly Message[]
  >
> = {
  onnx: (graph, document, { withPreprocessing }) =>
    withPreprocessing === true ? preprocessingNotes(graph, document) : [],
  pytorch: torchNotes,
  caffe: caffeNotes,
  keras: kerasNotes,
};

/**
 * What an export of this network expresses in another way, or not at all, one per line: it is shown before the export
 * begins. Empty for a network with errors.
 */
export function formatDifferences(
  document: GraphDocument,
  format: ExportFormat,
  options: ExportOptions,
): readonly Message[] {
  const { graph } = checkGraph(document.graph);
  if (graph === null) return [];
  const written = options.foldBatchNorm ? removeFolded(document, planFold(graph)).graph : document.graph;
  const writtenGraph = must(checkGraph(written).graph, 'the written network');
  return DIFFERENCES[format]?.(writtenGraph, document, options) ?? [];
}
