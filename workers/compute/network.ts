import { compile } from '#core/compile/compile.ts';
import { bytesInput, type CompileOptions } from '#core/compile/options.ts';
import { lossPlanOf } from '#core/compile/lossPlan.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { misfitMessage, misfits, type NormalizationSettings } from '#core/document/normalization.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Diagnostic } from '#core/diagnostics/diagnostic.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { checkTraining, type TrainingData } from '#core/training/checkTraining.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { firstError } from '#core/graph/firstError.ts';
import type { Program, ProgramMode } from '#core/program/program.ts';
import { message, sentences, type Message } from '#core/words/message.ts';

/**
 * The network of a document. Throws `AppError('graph-invalid')` with the first problem and the number of further
 * problems.
 */
export function networkOf(document: GraphDocument): ShapedGraph {
  const { graph, diagnostics } = checkGraph(document.graph, document.training, {
    hasTrainedStart: document.start !== undefined,
  });
  refuse(diagnostics);
  if (graph === null) throw new AppError('graph-invalid', message('starting.untrainable'));
  return graph;
}

/**
 * Throws when the network cannot be trained on these data: 'batch-too-small' or 'graph-invalid'. Returns notes for the
 * user.
 */
export function refuseUntrainable(
  graph: ShapedGraph,
  settings: TrainingSettings,
  data: TrainingData,
): Message[] {
  const diagnostics = checkTraining(graph, settings, data);
  refuse(diagnostics);
  return diagnostics.map(({ message, hint }) => sentences(message, hint));
}

/**
 * Compiles the network of a run. Its input is bytes, normalized by mean and deviation of its preprocessing. Label
 * smoothing and class weights apply to the training loss only; validation reports the plain loss. `classCounts`: number
 * of training images of each class, for balanced weights. `part`: a part of the network alone. `taps`: blocks whose
 * outputs are read.
 */
export function programOf(
  graph: ShapedGraph,
  settings: TrainingSettings,
  preprocessing: Pick<Preprocessing, 'mean' | 'deviation' | 'channelOrder'>,
  mode: ProgramMode,
  {
    classCounts,
    ...more
  }: Pick<CompileOptions, 'weights' | 'late' | 'part' | 'taps'> & {
    readonly classCounts?: readonly number[];
  } = {},
): Program {
  return compile(graph, {
    mode,
    input: bytesInput(preprocessing),
    optimizer: optimizerPlanOf(settings),
    labelSmoothing: mode === 'train' ? settings.labelSmoothing : 0,
    loss: lossPlanOf(settings, classCounts ?? null),
    ...more,
  });
}

/** Size of the input images of a network. Throws `AppError('graph-invalid')` when its input is not an image. */
export function imageSize(graph: ShapedGraph): { height: number; width: number; channels: 1 | 3 } {
  const [channels, height, width] = graph.inputShape;
  if (height === undefined || width === undefined || (channels !== 1 && channels !== 3)) {
    throw new AppError(
      'graph-invalid',
      message('graph.inputNoImage', { name: graph.input.name, shape: graph.inputShape.join(' × ') }),
      { where: graph.input.name },
    );
  }
  return { height, width, channels };
}

/** Throws `AppError('graph-invalid')` when the fixed normalization does not have one number for each channel. */
export function refuseMisfit(graph: ShapedGraph, settings: NormalizationSettings): void {
  const [channels = 1] = graph.inputShape;
  const { normalization } = settings;
  if (normalization === undefined || !misfits(settings, channels)) return;
  const given = normalization.mean.length;
  throw new AppError('graph-invalid', misfitMessage(given, channels), { where: graph.input.name });
}

function inLines(first: Message, second: Message): Message {
  return message('starting.bothLines', { first, second });
}

function refuse(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter((each) => each.severity === 'error');
  const [first] = errors;
  const said = firstError(diagnostics);
  if (first === undefined || said === null) return;
  const code = first.code === 'batch-of-one' ? 'batch-too-small' : 'graph-invalid';
  const where = first.nodeId === null ? {} : { where: first.nodeId };
  throw new AppError(code, said, {
    ...where,
    cause: errors.map(({ message: what }) => what).reduce(inLines),
  });
}
