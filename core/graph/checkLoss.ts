import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import { lossOf } from '../losses/registry.ts';
import type { LogitsParam } from './logits.ts';
import type { ShapedGraph } from './shapedGraph.ts';
import { setParamOf } from './setParamOf.ts';
import { message } from '../words/message.ts';
import { nameOf } from '../nodes/terms.ts';

export type LossSettings = Pick<TrainingSettings, 'loss' | 'classWeights'>;

/**
 * Why the loss of the settings cannot be computed from the Output's values; `logits` is the parameter that sets their
 * number.
 */
export function checkLoss(
  graph: ShapedGraph,
  settings: LossSettings,
  logits: LogitsParam | null,
): Diagnostic[] {
  return [...singleLogit(graph, settings, logits), ...weightCount(graph, settings)];
}

function singleLogit(graph: ShapedGraph, { loss }: LossSettings, logits: LogitsParam | null): Diagnostic[] {
  if (graph.logitCount > 1 || lossOf(loss.kind).ofOneLogit) return [];
  const node = logits && graph.byId.get(logits.nodeId);
  const title = node && setParamOf(node, logits.param, 2);
  return [
    {
      code: 'loss-outputs',
      severity: 'error',
      nodeId: node?.id ?? graph.output.id,
      ...(logits ? { param: logits.param } : {}),
      message: message('graph.lossOutputs', { output: nameOf(graph.output) }),
      hint: message('graph.lossOutputsHint', { fix: title ?? message('graph.onePerClass') }),
      ...(title ? { fix: { title, nodeId: logits.nodeId, param: logits.param, value: 2 } } : {}),
    },
  ];
}

function weightCount(graph: ShapedGraph, { classWeights }: LossSettings): Diagnostic[] {
  if (typeof classWeights === 'string' || classWeights.length === graph.classes) return [];
  return [
    {
      code: 'class-weights',
      severity: 'error',
      nodeId: null,
      message: message('graph.classWeights', { weights: classWeights.length, classes: graph.classes }),
      hint: message('graph.classWeightsHint'),
    },
  ];
}
