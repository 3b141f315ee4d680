import { must } from '../diagnostics/invariantError.ts';
import { buildStateLayout } from '../compile/stateLayout.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { batchNormFacts, type BatchNormFacts } from './batchNormFacts.ts';
import { requireFrozenStatistics } from './exportLint.ts';
import { normScale, normValues } from './normValues.ts';
import { findSlot } from './stateReader.ts';
import type { TrainedModel } from './trainedModel.ts';
import { convTranspose2d } from '../nodes/convTranspose2d.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { planFold, type FoldDecision } from './foldPlan.ts';
import { removeFolded } from './foldRewrite.ts';

export interface FoldedModel {
  /** The same function with fewer blocks, as a network with its own document, layout and float64 state. */
  readonly model: TrainedModel;
  /** One per BatchNorm block of the original network that was to be folded, in graph order. */
  readonly decisions: readonly FoldDecision[];
}

/**
 * Folds each BatchNorm, or only that of `only`, into the layer that `planFold` names. Into the layer before:
 * `W' = W * gamma / sqrt(var + eps)` per output channel, `b' = (b - mean) * gamma / sqrt(var + eps) + beta`
 * (batchnorm-spec.md, section 1). Into the layer after: `W' = W * s` per input channel with
 * `s = gamma / sqrt(var + eps)`, `b' = b + sum of W * (beta - mean * s)`. Computed in float64. Throws
 * `AppError('run-has-no-weights')` when there are no statistics to fold.
 */
export function foldModel(model: TrainedModel, only?: NodeId): FoldedModel {
  requireFrozenStatistics(model);
  const decisions = planFold(model.graph).filter(({ node }) => only === undefined || node === only);
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
  for (const { node, into, isForward } of decisions) {
    const fact = must(
      facts.find((each) => each.node === node),
      `facts of ${node}`,
    );
    if (into !== null) (isForward ? foldIntoNext : foldInto)(folded, into, foldFactors(model, fact));
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
  const values = normValues(model, node);
  return { scale: normScale(values, epsilon), mean: values.mean, beta: values.beta };
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
 * Changes weights and bias of the `layer` after a block in place. A kernel is `[out, in / groups, ...]`: the second
 * axis and the group of the output channel give the input channel.
 */
function foldIntoNext(folded: TrainedModel, layer: NodeId, { scale, mean, beta }: FoldFactors): void {
  const weights = valuesOf(folded, layer, 'weights');
  const bias = valuesOf(folded, layer, 'bias');
  const { dims } = must(findSlot(folded, layer, 'weights'), `kernel of ${layer}`);
  const [out = 1, perGroup = 1] = dims;
  const taps = weights.length / out / perGroup;
  const outPerGroup = (out * perGroup) / scale.length;
  weights.forEach((value, at) => {
    const to = Math.floor(at / (taps * perGroup));
    const from = Math.floor(to / outPerGroup) * perGroup + (Math.floor(at / taps) % perGroup);
    const factor = scale[from] ?? NaN;
    weights[at] = value * factor;
    bias[to] = (bias[to] ?? NaN) + value * ((beta[from] ?? NaN) - (mean[from] ?? NaN) * factor);
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
