import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { buildStateLayout } from '../../compile/stateLayout.ts';
import { keysOf } from '../../diagnostics/entries.ts';
import { copyDocument } from '../../document/create.ts';
import { splitEndpoint } from '../../document/endpoint.ts';
import { parseDocument } from '../../document/parse.ts';
import type { Graph, GraphDocument } from '../../document/schema.ts';
import { METADATA_KEYS } from '../../export/metadata.ts';
import { exportedName } from '../../export/stateReader.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import type { ShapedGraph } from '../../graph/shapedGraph.ts';
import { elementCount } from '../../program/shape.ts';
import type { SlotValue } from '../foreignModel.ts';
import { ownNormalization } from '../ownFile.ts';
import type { FileGraph, FileModel, FileTensor } from './fileModel.ts';
import { preprocessingOf, type FilePreprocessing, type InputTransform } from './preprocessing.ts';

/** A file that NormLab exported, and the project that it describes. */
export interface OwnExport {
  readonly document: GraphDocument;
  readonly values: ReadonlyMap<string, SlotValue>;
  readonly preprocessing: FilePreprocessing | null;
  readonly transform: InputTransform | null;
}

/** The version of the metadata that this build reads. */
const KNOWN_VERSION = '1';

/**
 * The project in the metadata of a file that NormLab exported, with the values of its tensors. Null where the file has
 * no such metadata, or where its tensors are not those of that project.
 */
export function readOwnExport({ metadata, graph }: FileModel): OwnExport | null {
  if (metadata[METADATA_KEYS.format] !== KNOWN_VERSION) return null;
  const parsed = parseDocument(metadata[METADATA_KEYS.project] ?? '');
  const shaped = parsed.ok ? checkGraph(parsed.document.graph).graph : null;
  if (!parsed.ok || shaped === null) return null;
  const values = valuesOf(parsed.document, shaped, graph);
  if (values === null) return null;
  const transform = transformOf(shaped, graph);
  return {
    document: copyDocument(parsed.document),
    values,
    transform,
    preprocessing: ownNormalization(metadata) ?? (transform && preprocessingOf(transform)),
  };
}

/** The value of each slot; null where a block that the logits need has none, or one of another size. */
function valuesOf(
  document: GraphDocument,
  shaped: ShapedGraph,
  graph: FileGraph,
): ReadonlyMap<string, SlotValue> | null {
  const tensors = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const needed = blocksOf(document.graph, shaped.output.id);
  const layout = buildStateLayout(shaped, optimizerPlanOf(document.training));
  const values = new Map<string, SlotValue>();
  for (const { name, node, field, dims } of [...layout.parameters, ...layout.statistics]) {
    const tensor = tensors.get(exportedName(node, field));
    const fits = tensor !== undefined && elementCount(tensor.dims) === elementCount(dims);
    if (fits) {
      tensor.check();
      values.set(name, { dims, from: [tensor.name], transposed: false, read: () => tensor.read() });
    } else if (needed.has(node)) return null;
  }
  return values;
}

/** The blocks that the output needs; the program in the file has no others. */
function blocksOf({ wires }: Graph, output: string): ReadonlySet<string> {
  const sources = new Map<string, string[]>();
  for (const target of keysOf(wires)) {
    const { node } = splitEndpoint(target);
    const source = wires[target];
    if (source !== undefined) sources.set(node, [...(sources.get(node) ?? []), splitEndpoint(source).node]);
  }
  const reached = new Set([output]);
  for (const node of reached) for (const source of sources.get(node) ?? []) reached.add(source);
  return reached;
}

/** `(images - mean) * scale`, the first two nodes of a file that normalizes bytes itself. */
function transformOf({ input }: ShapedGraph, graph: FileGraph): InputTransform | null {
  const numbersOf = (field: string): readonly number[] | null =>
    graph.initializers.find(({ name }: FileTensor) => name === `${input.id}.${field}`)?.numbers(3) ?? null;
  const [mean, scale] = [numbersOf('mean'), numbersOf('scale')];
  if (mean === null || mean.length !== scale?.length) return null;
  return { factor: scale, offset: scale.map((factor, channel) => -factor * (mean[channel] ?? 0)) };
}
