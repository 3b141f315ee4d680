import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { endpoint } from '../document/endpoint.ts';
import type { Graph } from '../document/schema.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import { channelsOf, valuesPerChannel } from '../nodes/shapeRules.ts';
import { nameOf } from '../nodes/terms.ts';
import { planEpoch } from './epochPlan.ts';
import { headEpochsOf } from './headPhase.ts';
import { headOf, partsOf } from '../rewrites/trunk.ts';
import { findLogitsParam, type LogitsParam } from '../graph/logits.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import { setParamOf } from '../graph/setParamOf.ts';
import { message, type Message, type MessageValue } from '../words/message.ts';

type BatchSettings = Pick<
  TrainingSettings,
  'batchSize' | 'remainder' | 'accumulate' | 'epochs' | 'headEpochs'
>;

export interface TrainingData {
  readonly images: number;
  readonly classes: number;
  /** True where the run begins with weights that were trained before. */
  readonly hasTrainedStart?: boolean;
}

/**
 * Checks whether this graph can be trained on these images. Errors: a number of classes other than the folder's;
 * BatchNorm blocks with one value per channel (m = N * H * W = 1; batchnorm-spec.md, section 1), in every batch or in
 * the last of an epoch; a head phase in which nothing trains. Warnings: BatchNorm over few images, a run that ends
 * before a renormalization begins, and gradients accumulated over batches that BatchNorm normalizes separately.
 */
export function checkTraining(graph: ShapedGraph, settings: BatchSettings, data: TrainingData): Diagnostic[] {
  const logits = findLogitsParam(plainGraph(graph));
  return [
    ...classesMismatch(graph, data.classes, logits),
    ...batchesOfOne(graph, settings, data.images),
    ...headFrozen(graph, settings),
    ...normsOfFewImages(graph, settings, data.hasTrainedStart === true),
    ...normsOfSmallBatches(graph, settings),
    ...groupsOfOne(graph),
    ...renormsTooLate(graph, settings, data.images),
  ];
}

function classesMismatch(graph: ShapedGraph, classes: number, logits: LogitsParam | null): Diagnostic[] {
  if (graph.classes === classes) return [];
  const node = logits && graph.byId.get(logits.nodeId);
  const title = node && setParamOf(node, logits.param, classes);
  return [
    {
      code: 'classes-mismatch',
      severity: 'error',
      nodeId: node?.id ?? graph.output.id,
      ...(logits ? { param: logits.param } : {}),
      message: message('graph.classesMismatch', { classes: graph.classes, found: classes }),
      hint: message('graph.classesMismatchHint', {
        fix: title ?? message('graph.receiveClasses', { output: nameOf(graph.output), classes }),
      }),
      ...(title ? { fix: { title, nodeId: logits.nodeId, param: logits.param, value: classes } } : {}),
    },
  ];
}

function plainGraph(graph: ShapedGraph): Graph {
  return {
    nodes: Object.fromEntries(
      graph.order.map((node) => [node.id, { kind: node.definition.kind, params: node.params }]),
    ),
    wires: Object.fromEntries(
      graph.order.flatMap((node) => {
        const ports = node.definition.inputPorts(node.params);
        return node.sources.map((source, index) => [endpoint(node.id, ports[index] ?? 'in'), source]);
      }),
    ),
  };
}

/** The texts of the diagnostic for a block that would see a batch of a single image in training. */
interface LoneBatch {
  message(block: OneValued): Message;
  readonly hint: Message;
}
type OneValued = Readonly<Record<'block' | 'axis', MessageValue>>;

function oneValued(node: ShapedNode): OneValued {
  return {
    block: nameAndId(node),
    axis: message(node.shape.length === 1 ? 'graph.feature' : 'graph.channel'),
  };
}

function nameAndId(node: ShapedNode): Message {
  return message('graph.nameAndId', { name: nameOf(node), id: node.id });
}

/**
 * Ghost groups with a single value. A remainder that fills no group joins the previous group, so only a group size of
 * one sample can be this small.
 */
function groupsOfOne(graph: ShapedGraph): Diagnostic[] {
  const inGroups = ({ params }: ShapedNode): boolean =>
    params.normalizeBy === 'batch' && params.ghostSize === 1;
  return graph.order
    .filter((node) => seesOneValue(node) && inGroups(node))
    .map((node) => ({
      code: 'batch-of-one',
      severity: 'error',
      nodeId: node.id,
      param: 'ghostSize',
      message: message('graph.groupOfOne', oneValued(node)),
      hint: message('graph.groupOfOneHint'),
      fix: { title: message('graph.wholeBatch'), nodeId: node.id, param: 'ghostSize', value: 0 },
    }));
}

function batchesOfOne(graph: ShapedGraph, settings: BatchSettings, images: number): Diagnostic[] {
  const lone = loneBatch(settings, images);
  if (!lone) return [];
  return graph.order.filter(seesOneValue).map((node) => ({
    code: 'batch-of-one',
    severity: 'error',
    nodeId: node.id,
    message: lone.message(oneValued(node)),
    hint: lone.hint,
  }));
}

/** True for a BatchNorm that computes batch statistics and has one value per channel and image. */
function seesOneValue(node: ShapedNode): boolean {
  if (node.definition.kind !== 'batchNorm' || channelsOf(node.shape) === 0) return false;
  const reads = node.params.normalizeBy === 'batch' || node.params.updateStatistics === true;
  return reads && valuesPerChannel(node.shape) === 1;
}

/** In the head phase only the head trains, so something in it must. */
function headFrozen(graph: ShapedGraph, settings: BatchSettings): Diagnostic[] {
  if (headEpochsOf(settings) === 0) return [];
  const plain = plainGraph(graph);
  const isTrained = (id: NodeId): boolean =>
    graph.byId.get(id)?.parameters.some(({ trainable }) => trainable) ?? false;
  const { head } = partsOf(plain);
  if (head.some(isTrained)) return [];
  const [first] = headOf(plain);
  const node = first === undefined ? graph.output : (graph.byId.get(first) ?? graph.output);
  return [
    {
      code: 'head-frozen',
      severity: 'error',
      nodeId: node.id,
      message: message('fineTuning.headFrozen', { head: nameAndId(node) }),
      hint: message('fineTuning.headFrozenHint'),
    },
  ];
}

/** Fewest images whose batch statistics are good enough: in any run, and for weights that were trained before. */
const FEWEST_IMAGES = 9;
const FEWEST_TUNED = 16;

/** Ghost groups and renormalization are chosen for small batches, so their blocks are left out. */
function normsOfFewImages(
  graph: ShapedGraph,
  { batchSize }: BatchSettings,
  hasTrainedStart: boolean,
): Diagnostic[] {
  const least = hasTrainedStart ? FEWEST_TUNED : FEWEST_IMAGES;
  const norms = graph.order.filter(
    ({ definition, params }) =>
      definition.kind === 'batchNorm' &&
      params.normalizeBy === 'batch' &&
      params.renorm === false &&
      params.ghostSize === 0,
  );
  const [first] = norms;
  if (batchSize >= least || first === undefined) return [];
  return [
    {
      code: 'small-batch-norm',
      severity: 'warning',
      nodeId: first.id,
      message:
        norms.length === 1
          ? message('fineTuning.smallBatch', { block: nameAndId(first), batch: batchSize })
          : message('fineTuning.smallBatches', { norms: norms.length, batch: batchSize }),
      hint: hasTrainedStart
        ? message('fineTuning.smallBatchTunedHint', { least: FEWEST_TUNED })
        : message('fineTuning.smallBatchHint', { least: FEWEST_TUNED }),
    },
  ];
}

/** The gradient of an update covers all its batches, but BatchNorm's statistics cover each batch separately. */
function normsOfSmallBatches(graph: ShapedGraph, { batchSize, accumulate }: BatchSettings): Diagnostic[] {
  const norms = graph.order.filter(
    ({ definition, params }) => definition.kind === 'batchNorm' && params.normalizeBy === 'batch',
  );
  const [first] = norms;
  if (accumulate === 1 || first === undefined) return [];
  const values = { batch: batchSize, accumulate, whole: batchSize * accumulate };
  return [
    {
      code: 'accumulated-norm',
      severity: 'warning',
      nodeId: first.id,
      message:
        norms.length === 1
          ? message('graph.accumulatedNorm', { block: nameAndId(first), ...values })
          : message('graph.accumulatedNorms', { norms: norms.length, ...values }),
      hint: message('graph.accumulatedNormHint'),
    },
  ];
}

/** Blocks whose renormalization begins after the last update: they would be plain BatchNorm for the whole run. */
function renormsTooLate(graph: ShapedGraph, settings: BatchSettings, images: number): Diagnostic[] {
  const { batchSize, remainder, accumulate, epochs } = settings;
  if (images === 0 || (remainder === 'drop' && images < batchSize)) return [];
  const updates = epochs * planEpoch(images, batchSize, remainder, accumulate).updates;
  return graph.order
    .filter(
      ({ definition, params }) =>
        definition.kind === 'batchNorm' &&
        params.normalizeBy === 'batch' &&
        params.renorm === true &&
        Number(params.renormStart) >= updates,
    )
    .map((node) => ({
      code: 'renorm-too-late',
      severity: 'warning',
      nodeId: node.id,
      param: 'renormStart',
      message: message('graph.renormTooLate', {
        ...{ block: nameAndId(node), start: Number(node.params.renormStart), steps: updates },
      }),
      hint: message('graph.renormTooLateHint'),
    }));
}

function loneBatch({ batchSize, remainder }: BatchSettings, images: number): LoneBatch | null {
  const empty = images === 0 || (remainder === 'drop' && images < batchSize);
  if (empty) return null;
  const plan = planEpoch(images, batchSize, remainder);
  if (batchSize === 1) {
    return {
      message: (block) => message('graph.batchOfOne', block),
      hint: message('graph.batchOfOneHint'),
    };
  }
  if (plan.lastBatch !== 1) return null;
  const full = plan.batches - 1;
  return {
    message: (block) => message('graph.lastBatchOfOne', { ...block, images, full, batch: batchSize }),
    hint: message('graph.lastBatchOfOneHint'),
  };
}
