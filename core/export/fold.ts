import { must } from '../diagnostics/invariantError.ts';
import { buildStateLayout } from '../compile/stateLayout.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { batchNormFacts, requireFrozenStatistics, type BatchNormFacts } from './batchNormFacts.ts';
import { findSlot } from './stateReader.ts';
import type { TrainedModel } from './trainedModel.ts';
import { convTranspose2d } from '../nodes/convTranspose2d.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { planFold, type FoldDecision } from './foldPlan.ts';
import { removeFolded } from './foldRewrite.ts';

export interface FoldedModel {
  /** The same function with fewer blocks, as a network with its own document, layout and float64 state. */
  readonly model: TrainedModel;
  /** One per BatchNorm block of the original network, in graph order. */
  readonly decisions: readonly FoldDecision[];
}

/**
 * Folds each BatchNorm into the Conv2D, ConvTranspose2D or Dense directly before it, where that layer feeds nothing
 * else (batchnorm-spec.md, section 1): `W' = W * gamma / sqrt(var + eps)` per output channel, `b' = (b - mean) * gamma
 * / sqrt(var + eps) + beta`. Computed in float64. Throws `AppError('run-has-no-weights')` when there are no statistics
 * to fold.
 */
export function foldModel(model: TrainedModel): FoldedModel {
  requireFrozenStatistics(model);
  const decisions = planFold(model.graph);
  const document = { ...model.document, ...removeFolded(model.document, decisions) };
  const graph = must(checkGraph(document.graph).graph, 'the folded network');
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const state = new Float64Array(layout.totalSize);
  for (const slot of [...layout.parameters, ...layout.statistics]) {
    const old = findSlot(model, slot.node, slot.field);
    if (old) state.set(model.state.subarray(old.offset, old.offset + old.size), slot.offset);
  }
  const folded: TrainedModel = { ...model, document, graph, layout, state };
  const facts = batchNormFacts(model.graph);
  for (const { node, into } of decisions) {
    const fact = must(
      facts.find((each) => each.node === node),
      `facts of ${node}`,
    );
    if (into !== null) foldInto(folded, into, foldFactors(model, fact));
  }
  return { model: folded, decisions };
}

interface FoldFactors {
  /** `gamma / sqrt(var + eps)`, `[C]`. */
  readonly scale: Float64Array;
  readonly mean: Float64Array;
  readonly beta: Float64Array;
}

function foldFactors(model: TrainedModel, { node, epsilon }: BatchNormFacts): FoldFactors {
  const read = (field: 'gamma' | 'beta' | 'mean' | 'variance'): Float64Array =>
    Float64Array.from(valuesOf(model, node, field));
  const variance = read('variance');
  const scale = read('gamma').map(
    (gamma, channel) => gamma / Math.sqrt(must(variance[channel], `variance of ${node}`) + epsilon),
  );
  return { scale, mean: read('mean'), beta: read('beta') };
}

/** Changes weights and bias of `layer` in place; a bias that the layer did not have is 0 in the folded state before. */
function foldInto(folded: TrainedModel, layer: NodeId, { scale, mean, beta }: FoldFactors): void {
  const weights = valuesOf(folded, layer, 'weights');
  const bias = valuesOf(folded, layer, 'bias');
  const channelOf = outputChannels(folded, layer);
  weights.forEach((value, at) => {
    weights[at] = value * (scale[channelOf(at)] ?? NaN);
  });
  scale.forEach((factor, channel) => {
    const shifted = (bias[channel] ?? NaN) - (mean[channel] ?? NaN);
    bias[channel] = shifted * factor + (beta[channel] ?? NaN);
  });
}

/**
 * Returns a function from the index of a kernel element to its output channel. That is the first axis, or, in a
 * transposed convolution's `[in, out / groups, kH, kW]`, the second axis plus the offset of the group.
 */
function outputChannels(folded: TrainedModel, layer: NodeId): (element: number) => number {
  const { dims, size } = must(findSlot(folded, layer, 'weights'), `kernel of ${layer}`);
  const { definition, params } = must(folded.graph.byId.get(layer), `block ${layer}`);
  const [first = 1, second = 1] = dims;
  if (definition.kind !== convTranspose2d.kind) return (element) => Math.floor((element * first) / size);
  const taps = size / first / second;
  const inputsPerGroup = first / Number(params['groups']);
  return (element) => {
    const group = Math.floor(element / (taps * second) / inputsPerGroup);
    return group * second + (Math.floor(element / taps) % second);
  };
}

/** The values of a field, as a view of the state. */
function valuesOf(
  model: TrainedModel,
  node: NodeId,
  field: Parameters<typeof findSlot>[2],
): Float32Array | Float64Array {
  const slot = must(findSlot(model, node, field), `${node}.${field}`);
  return model.state.subarray(slot.offset, slot.offset + slot.size);
}
