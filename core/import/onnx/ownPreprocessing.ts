import { message, type Message } from '../../words/message.ts';
import type { FileGraph } from './fileModel.ts';

/** Names of `core/export/onnx/preprocessing`. */
const PREFIX = 'preprocessing.';
const LAST_NODE = 'preprocessing.images.pixels';
const ROWS = 'preprocessing.down.numbers';
const COLUMNS = 'preprocessing.across.numbers';

/**
 * The graph behind the nodes with which a file of NormLab resizes images of any size itself: its input is then the
 * resized images, `[N, C, H, W]`. Other graphs are returned as they are. Adds a note, since the way of resizing is not
 * read from the nodes.
 */
export function withoutPreprocessing(graph: FileGraph, notes: Message[]): FileGraph {
  const last = graph.nodes.find(({ name }) => name === LAST_NODE);
  const [pixels] = last?.outputs ?? [];
  const [images] = graph.inputs;
  if (pixels === undefined || images === undefined) return graph;
  notes.push(message('onnxFiles.resizesImages'));
  const countOf = (constant: string): number | null =>
    graph.initializers.find(({ name }) => name === constant)?.dims[0] ?? null;
  const dims = [images.dims?.[0] ?? null, images.dims?.[3] ?? null, countOf(ROWS), countOf(COLUMNS)];
  return {
    ...graph,
    nodes: graph.nodes.filter(({ name }) => !name.startsWith(PREFIX)),
    initializers: graph.initializers.filter(({ name }) => !name.startsWith(PREFIX)),
    inputs: [{ name: pixels, dims }],
  };
}
