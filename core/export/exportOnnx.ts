import { foldModel } from './fold.ts';
import { compile } from '../compile/compile.ts';
import { bytesInput } from '../compile/options.ts';
import { lossPlanOf } from '../compile/lossPlan.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { Program } from '../program/program.ts';
import { batchNormFacts } from './batchNormFacts.ts';
import { requireFrozenStatistics } from './exportLint.ts';
import { requireFinite } from './finite.ts';
import type { ExportOptions } from './frozenWeights.ts';
import { modelMetadata } from './metadata.ts';
import { encodeOnnxModel } from './onnx/encodeModel.ts';
import { createGraphBuilder } from './onnx/graphBuilder.ts';
import type { OnnxGraph, OnnxValue } from './onnx/model.ts';
import { addPreprocessing } from './onnx/preprocessing/addPreprocessing.ts';
import { createOpContext, INPUT_NAME, LOGITS_NAME, PROBABILITIES_NAME } from './onnx/opContext.ts';
import { lowerToOnnx } from './onnx/ops.ts';
import { addProbabilities } from './onnx/probabilities.ts';
import type { TrainedModel } from './trainedModel.ts';

export interface OnnxExportOptions extends ExportOptions {
  /** Default true: `images` are bytes as floats, and the graph normalizes them. False: the caller normalizes. */
  readonly normalizeInput?: boolean;
}

/**
 * An ONNX model of the frozen network, opset 17: input `images` `[N, C, H, W]` float32 (with preprocessing: `[N, H, W,
 * C]` uint8 of any height and width), outputs `logits` `[N, classes]` (or `[N, 1]` for two classes by one logit) and
 * `probabilities` `[N, classes]`. Nodes are named after blocks,
 * constants as in the safetensors file; docs/formats.md describes the metadata. Throws `AppError`: 'run-has-no-weights'
 * without statistics to freeze, 'diverged' when a value is not finite.
 */
export function exportOnnx(model: TrainedModel, options: OnnxExportOptions): Uint8Array {
  requireFrozenStatistics(model);
  const preparesImages = options.withPreprocessing === true;
  const normalizeInput = preparesImages || (options.normalizeInput ?? true);
  const folded = options.foldBatchNorm ? foldModel(model) : null;
  const written = folded?.model ?? model;
  return encodeOnnxModel({
    producerVersion: model.provenance.normlabVersion,
    docString: `${model.document.name}: ${model.classNames.length} classes, BatchNorm statistics frozen.`,
    graph: buildGraph(written, frozenProgram(written, normalizeInput), preparesImages),
    metadata: modelMetadata(written, {
      normalizesInput: normalizeInput,
      preparesImages,
      folding: folded === null ? null : { source: model, decisions: folded.decisions },
    }),
  });
}

function frozenProgram({ graph, document, preprocessing }: TrainedModel, normalizeInput: boolean): Program {
  return compile(graph, {
    mode: 'evaluate',
    input: normalizeInput ? bytesInput(preprocessing) : { type: 'f32' },
    optimizer: optimizerPlanOf(document.training),
    labelSmoothing: 0,
    loss: lossPlanOf(document.training, null),
    fuse: false,
  });
}

function buildGraph(model: TrainedModel, program: Program, preparesImages: boolean): OnnxGraph {
  const facts = new Map(batchNormFacts(model.graph).map(({ node, decay }) => [node, decay]));
  const builder = createGraphBuilder();
  const decayOf = (node: NodeId): number => must(facts.get(node), `decay of ${node}`);
  const images = preparesImages ? addPreprocessing(INPUT_NAME, model.preprocessing, builder) : INPUT_NAME;
  const context = createOpContext(program, model, builder, decayOf, images);
  for (const instruction of program.instructions) lowerToOnnx(instruction, context);
  addProbabilities(model, builder);
  refuseNonFinite(builder.initializers);
  return {
    name: graphName(model.document.name),
    nodes: builder.nodes,
    initializers: builder.initializers,
    inputs: [preparesImages ? filesInput(model) : floatValue(INPUT_NAME, program.inputShape)],
    outputs: [
      floatValue(LOGITS_NAME, [program.logitCount]),
      floatValue(PROBABILITIES_NAME, [program.classes]),
    ],
  };
}

/** Decoded images of any size. */
function filesInput({ preprocessing }: TrainedModel): OnnxValue {
  return { name: INPUT_NAME, elements: 'uint8', dims: ['N', 'H', 'W', preprocessing.channels] };
}

function floatValue(name: string, dims: readonly number[]): OnnxValue {
  return { name, dims: ['N', ...dims] };
}

/** ONNX requires the graph's name to be a C identifier. */
function graphName(projectName: string): string {
  const name = projectName.replace(/[^A-Za-z0-9_]+/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `network_${name}`;
}

function refuseNonFinite(constants: OnnxGraph['initializers']): void {
  for (const { name, data } of constants) if (data instanceof Float32Array) requireFinite(name, data);
}
