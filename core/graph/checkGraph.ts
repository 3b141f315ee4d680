import { isTrainable, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Graph } from '../document/schema.ts';
import { inferPart, inferShapes } from './inferShapes.ts';
import { checkLoss, type LossSettings } from './checkLoss.ts';
import { lintGraph } from './lints.ts';
import { findLogitsParam } from './logits.ts';
import type { GraphReport, ShapedGraph, ShapedNode } from './shapedGraph.ts';
import { demote, validate } from './validate.ts';
import { message } from '../words/message.ts';

/**
 * Every diagnostic of a graph: structure, shapes and lints, errors first; with the training settings also whether their
 * loss fits the Output. Never throws for a graph that passes the schema. A report on 1,000 blocks takes milliseconds,
 * so it can run at each keystroke.
 */
export function checkGraph(graph: Graph, training?: LossSettings): GraphReport {
  const validation = validate(graph);
  // A graph with errors has no `ShapedGraph`; the shapes of its valid part are only for display.
  const inference = validation.graph
    ? inferShapes(validation.graph)
    : { ...inferPart(validation.part), graph: null };
  const shapeProblems = demote(inference.diagnostics, validation.excluded);
  const shaped = inference.graph;
  const diagnostics = [
    ...validation.diagnostics,
    ...shapeProblems,
    ...nothingToTrain(shaped),
    ...(shaped && training ? checkLoss(shaped, training, findLogitsParam(graph)) : []),
    ...lintGraph(validation.order),
  ].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return {
    diagnostics,
    graph: isTrainable(diagnostics) ? shaped : null,
    shapes: new Map([...inference.nodes].map(([id, node]) => [id, node.shape])),
    parameterCounts: new Map([...inference.nodes].map(([id, node]) => [id, node.parameterCount])),
  };
}

const RANK = { error: 0, warning: 1, hint: 2 } as const;

function nothingToTrain(graph: ShapedGraph | null): readonly Diagnostic[] {
  if (!graph) return [];
  const trains = graph.order.some((node) => node.parameters.some((parameter) => parameter.trainable));
  if (trains) return [];
  const frozen = graph.order.findLast((node) => node.params.trainWeights === false);
  if (frozen !== undefined || graph.parameterCount > 0) return [nothingTrains(frozen)];
  return [
    {
      code: 'no-parameters',
      severity: 'error',
      nodeId: null,
      message: message('graph.noParameters'),
      hint: message('graph.noParametersHint'),
    },
  ];
}

/** There are weights, but all are frozen; `last` is the last block whose switch is off. */
function nothingTrains(last: ShapedNode | undefined): Diagnostic {
  const said = {
    message: message('fineTuning.nothingTrains'),
    hint: message('fineTuning.nothingTrainsHint'),
  };
  const diagnostic = {
    code: 'nothing-trains',
    severity: 'error',
    nodeId: last?.id ?? null,
    ...said,
  } as const;
  if (last === undefined) return diagnostic;
  const title = message('fineTuning.trainBlock', { block: last.called });
  return {
    ...diagnostic,
    param: 'trainWeights',
    fix: { title, nodeId: last.id, param: 'trainWeights', value: true },
  };
}
