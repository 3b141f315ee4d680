import { InvariantError, must } from '../diagnostics/invariantError.ts';
import { elementCount } from '../program/shape.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Program } from '../program/program.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import { removeDeadCode } from './deadCode.ts';
import { differentiate, differentiateLogit, type BackwardPass } from './differentiate.ts';
import type { Draft } from './draft.ts';
import { fuse } from './fuse.ts';
import { lifetimesOf } from './lifetimes.ts';
import { lower } from './lower.ts';
import type { CompileOptions } from './options.ts';
import { renumber } from './renumber.ts';
import { buildStateLayout } from './stateLayout.ts';

const NO_BACKWARD: BackwardPass = { instructions: [], inputGradient: null, taps: [] };

/**
 * Compiles a network, or a part of it: lower, fuse, differentiate, remove dead code, renumber tensors, plan lifetimes.
 * A pure function of graph and options: the same network gives the same program, in whatever order its file lists the
 * blocks. Throws `InvariantError` when the graph violates a guarantee of its type, never because of a user's mistake.
 */
export function compile(graph: ShapedGraph, options: CompileOptions): Program {
  const layout = withLateStart(buildStateLayout(graph, options.optimizer), options);
  const lowered = lower(graph, layout, options);
  const draft = options.fuse === false ? lowered : fuse(lowered);
  const backward = backwardOf(draft, options);
  return {
    ...assemble(draft, backward),
    ...describe(graph, options),
    ...weightsOf(layout, options),
    state: layout,
  };
}

function backwardOf(draft: Draft, options: CompileOptions): BackwardPass {
  if (isTrained(options)) return differentiate(draft, options.inputGradient === true);
  return options.taps?.gradients === true ? differentiateLogit(draft) : NO_BACKWARD;
}

function withLateStart(layout: StateLayout, { late }: CompileOptions): StateLayout {
  if (late === undefined || late.updates === 0) return layout;
  const parameters = layout.parameters.map((slot) =>
    late.nodes.has(slot.node) ? { ...slot, startsAfter: late.updates } : slot,
  );
  return { ...layout, parameters };
}

type Assembled = Pick<Program, 'tensors' | 'instructions' | 'inputs' | 'outputs' | 'lifetimes'>;

/** Throws `InvariantError` for weight averages that the layout does not hold, and for training on them. */
function weightsOf(layout: StateLayout, { weights, mode }: CompileOptions): Pick<Program, 'weightsOffset'> {
  if (weights !== 'average') return { weightsOffset: 0 };
  if (mode === 'train') throw new InvariantError('averaged weights are not trained');
  return { weightsOffset: must(layout.averageOffset, 'averages in the state layout') };
}

/** Statistics are updated last: the backward pass of a BatchNorm that normalizes by them still reads the old values. */
function assemble(draft: Draft, backward: BackwardPass): Assembled {
  const all = [...draft.forward, ...backward.instructions, ...draft.updates];
  const taps = draft.taps.map((tap, index) => ({ ...tap, gradient: backward.taps[index] ?? null }));
  const ends = taps.flatMap(({ value, gradient }) => [value, gradient]);
  const results = [draft.logits, backward.inputGradient, ...ends].filter((tensor) => tensor !== null);
  const live = removeDeadCode(all, draft.table, results);
  const { images, labels } = draft.inputs;
  const fed = labels === null ? [images] : [images, labels];
  const { tensors, instructions, idOf } = renumber(live, draft.table, fed);
  const orNull = (tensor: TensorId | null): TensorId | null => (tensor === null ? null : idOf(tensor));
  return {
    tensors,
    instructions,
    inputs: { images: idOf(images), labels: orNull(labels) },
    outputs: {
      logits: idOf(draft.logits),
      loss: orNull(draft.loss),
      correct: orNull(draft.correct),
      inputGradient: orNull(backward.inputGradient),
      taps: taps.map(({ node, value, gradient }) => ({
        ...{ node, value: idOf(value), gradient: orNull(gradient) },
      })),
    },
    lifetimes: lifetimesOf(instructions, tensors, results.map(idOf)),
  };
}

function describe(
  graph: ShapedGraph,
  options: CompileOptions,
): Pick<Program, 'mode' | 'inputType' | 'inputShape' | 'classes' | 'logitCount' | 'optimizer'> {
  return {
    mode: options.mode,
    ...endsOf(graph, options),
    optimizer: isTrained(options) ? options.optimizer : null,
  };
}

/** True for a program with a backward pass and an update; a prefix has none in any mode. */
function isTrained({ mode, part }: CompileOptions): boolean {
  return mode === 'train' && part?.of !== 'prefix';
}

/** What goes in and comes out: images and logits, or the features of a prefix at one of the ends. */
function endsOf(
  graph: ShapedGraph,
  { part, input }: CompileOptions,
): Pick<Program, 'inputType' | 'inputShape' | 'classes' | 'logitCount'> {
  const { inputShape, classes, logitCount } = graph;
  const whole = { inputType: input.type, inputShape, classes, logitCount };
  if (part === undefined) return whole;
  const features = elementCount(part.cut.shape);
  if (part.of === 'prefix') return { ...whole, classes: features, logitCount: features };
  return { ...whole, inputType: 'f32', inputShape: part.cut.shape };
}
