import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import { lossOf } from '../losses/registry.ts';
import type { LogitsParam } from './logits.ts';
import type { ShapedGraph } from './shapedGraph.ts';

export type LossSettings = Pick<TrainingSettings, 'loss' | 'classWeights'>;

/** What keeps the loss of the settings from being computed on the Output's numbers; `logits` is where their number is set. */
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
  const title = node && `Set ${logits.param} of ${node.name} to 2`;
  return [
    {
      code: 'loss-outputs',
      severity: 'error',
      nodeId: node?.id ?? graph.output.id,
      ...(logits ? { param: logits.param } : {}),
      message: `${graph.output.name} gets a single number, but the loss needs one for each class.`,
      hint: `${title ?? 'Give it one number for each class'}, or choose binary cross-entropy or focal in the training settings: these tell two classes apart by one number.`,
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
      message: `The training settings give ${classWeights.length} class weights, but the network tells ${graph.classes} classes apart.`,
      hint: 'Give one weight for each class, in the order of their names, or choose balanced weights.',
    },
  ];
}
