import { createDocument } from '../../document/create.ts';
import type { GraphDocument } from '../../document/schema.ts';
import { METADATA_KEYS } from '../../export/metadata.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import { firstError } from '../../graph/firstError.ts';

import { lossOf } from '../../losses/registry.ts';
import { message, type Message } from '../../words/message.ts';
import { namingFile, unsupportedFile } from '../fileFault.ts';
import { placeBlocks } from '../placeBlocks.ts';
import type { ForeignNetwork, ModelFile } from '../foreignModel.ts';
import { classNamesOf } from './classNames.ts';
import { decodeModel } from './decodeModel.ts';
import type { FileModel } from './fileModel.ts';
import { readOwnExport } from './ownExport.ts';
import { withoutPreprocessing } from './ownPreprocessing.ts';
import {
  preprocessingOf,
  transformOf,
  type FilePreprocessing,
  type InputTransform,
} from './preprocessing.ts';
import { rebuild, type Rebuilt } from './rebuild.ts';

/** The network of an ONNX file. */
export interface OnnxNetwork extends ForeignNetwork {
  /** How the images are prepared before the first block; null where the file does not say. */
  readonly preprocessing: FilePreprocessing | null;
  /** What the file's graph does to its input before the first block; null where it is nothing. */
  readonly inputTransform: InputTransform | null;
}

const LONGEST_PROJECT_NAME = 120;

/**
 * Reads an ONNX file and rebuilds its network of our blocks, with weights and statistics; our own exports come back as
 * the project in their metadata. Throws `AppError`: 'model-invalid' for a broken file, 'model-unsupported' where no
 * block computes the same as one of its nodes.
 */
export function readOnnxFile(file: ModelFile): OnnxNetwork {
  return namingFile(file.name, () => {
    const model = decodeModel(file.bytes, onlyOnce(file));
    const notes: Message[] = [];
    const own = ownNetwork(model, notes);
    if (own !== null) return own;
    if (METADATA_KEYS.format in model.metadata) notes.push(message('onnxFiles.otherProject'));
    const graph = withoutPreprocessing(model.graph, notes);
    return foreignNetwork({ ...model, graph }, file.name, notes);
  });
}

/** The files beside the model, each read at most once. */
function onlyOnce(file: ModelFile): ModelFile['beside'] {
  const known = new Map<string, ReturnType<ModelFile['beside']>>();
  return (name) => {
    const bytes = known.has(name) ? (known.get(name) ?? null) : file.beside(name);
    known.set(name, bytes);
    return bytes;
  };
}

function ownNetwork(model: FileModel, notes: Message[]): OnnxNetwork | null {
  const own = readOwnExport(model);
  if (own === null) return null;
  const { document, values, preprocessing, transform } = own;
  const shaped = checkGraph(document.graph).graph;
  return {
    ...{ kind: 'network', format: 'normlab', document, values, unexpected: [], notes },
    classNames: classNamesOf(model.metadata, shaped?.logitCount ?? 0),
    preprocessing,
    inputTransform: transform,
  };
}

function foreignNetwork(model: FileModel, fileName: string, notes: Message[]): OnnxNetwork {
  const rebuilt = rebuild(model, notes);
  const inputTransform = transformOf(rebuilt.assembly.entry);
  const preprocessing = inputTransform && preprocessingOf(inputTransform);
  if (preprocessing !== null) notes.push(message('onnxFiles.preparesImages', asTexts(preprocessing)));
  return {
    kind: 'network',
    format: 'onnx',
    document: documentOf(rebuilt, model, fileName),
    values: rebuilt.assembly.values,
    unexpected: unexpectedOf(rebuilt, model),
    classNames: classNamesOf(model.metadata, rebuilt.logitCount),
    notes,
    preprocessing,
    inputTransform,
  };
}

function asTexts({ mean, deviation }: FilePreprocessing): Record<'mean' | 'deviation', string> {
  const list = (values: readonly number[]): string =>
    values.map((value) => Number(value.toFixed(3))).join(', ');
  return { mean: list(mean), deviation: list(deviation) };
}

/** Throws a fault where the rebuilt network is no valid one, such as one without trained weights. */
function documentOf({ graph, logitCount }: Rebuilt, model: FileModel, fileName: string): GraphDocument {
  const name = fileName.replace(/\.onnx$/i, '') || model.graph.name || 'ONNX';
  const base = createDocument(name.slice(0, LONGEST_PROJECT_NAME));
  const { loss } = base.training;
  const isPossible = logitCount > 1 || lossOf(loss.kind).ofOneLogit;
  const training = isPossible
    ? base.training
    : { ...base.training, loss: { kind: 'binaryCrossEntropy' } as const };
  const document = { ...base, training, graph, layout: { positions: placeBlocks(graph) } };
  const problem = firstError(checkGraph(graph, training).diagnostics);
  if (problem !== null) throw unsupportedFile(problem);
  return document;
}

/** Initializers that the logits do not depend on. Scalars are settings of operators. */
function unexpectedOf({ used }: Rebuilt, { graph }: FileModel): readonly string[] {
  return graph.initializers.flatMap(({ name, dims }) => (used.has(name) || dims.length === 0 ? [] : [name]));
}
