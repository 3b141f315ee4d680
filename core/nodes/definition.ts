import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { EmittedInstruction } from '../program/instruction.ts';
import type { ProgramMode } from '../program/program.ts';
import type { Initializer } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Shape } from '../program/shape.ts';
import type { ParamsOf, ParamTable } from './paramSpec.ts';
import type { Message, MessageValue } from '../words/message.ts';

/** Families in palette order; each has its own color token. */
export const FAMILIES = [
  'input',
  'convolution',
  'dense',
  'normalization',
  'activation',
  'pooling',
  'shape',
  'merge',
  'regularization',
  'output',
] as const;
export type Family = (typeof FAMILIES)[number];

/** What is wrong with a block's parameters or incoming shapes; the caller adds the block's name and severity. */
export interface ShapeProblem {
  readonly code: DiagnosticCode;
  readonly param?: string;
  readonly port?: string;
  /** The text after the block's name; `graph.ofBlock` joins the two. */
  readonly problem: Message;
  readonly hint: Message;
}
export type ShapeResult =
  | { readonly ok: true; readonly shape: Shape }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

/** A trained weight tensor that a block owns, before it has an offset in the state. */
export interface ParameterDeclaration {
  readonly field: 'weights' | 'bias' | 'gamma' | 'beta';
  readonly dims: readonly number[];
  readonly init: Initializer;
  readonly trainable: boolean;
  readonly decayed: boolean;
  /** Factor of the learning rate; 1 for the rate of the settings. */
  readonly rateFactor: number;
}

/**
 * What a block's `lower` can do: request tensors and emit forward instructions. `core/compile` derives the gradients.
 */
export interface LoweringContext {
  readonly node: NodeId;
  readonly mode: ProgramMode;
  /** One per input port, in port order. */
  readonly inputs: readonly { readonly tensor: TensorId; readonly shape: Shape }[];
  readonly outputShape: Shape;
  /** New activation with the given `shape` per sample; `suffix` distinguishes the activations of one block. */
  activation(suffix: string, shape: Shape): TensorId;
  /** New batched `saved` tensor (masks, indices) with the element count of `shape` per sample. */
  saved(suffix: string, shape: Shape): TensorId;
  parameter(field: ParameterDeclaration['field']): TensorId;
  statistic(field: 'mean' | 'variance'): TensorId;
  batchStatistic(field: 'mean' | 'variance'): TensorId;
  /** True when a weight at a block before this one trains. */
  readonly trainsBefore: boolean;
  /** Distinguishes the random blocks of this graph; the same in every compilation. */
  readonly salt: number;
  emit(instruction: EmittedInstruction): void;
}

/** The definition of one kind of block. Each has its own file in this folder and is listed in `registry.ts`. */
export interface NodeDefinition<T extends ParamTable = ParamTable> {
  /** Used in project files: never renamed. */
  readonly kind: string;
  /** Prefix of the ids of new blocks: `conv1`, `conv2`, …; defaults to the kind. */
  readonly idStem?: string;
  readonly family: Family;
  readonly title: string;
  /** One or two sentences for the palette and the inspector. */
  readonly help: string;
  /** Key that adds the block while the canvas has the focus. */
  readonly shortcut?: string;
  readonly params: T;
  /** Input ports in order; most blocks have `in`, merges have `in1` … `inK`. */
  inputPorts(params: ParamsOf<T>): readonly string[];
  /** `['out']`, or `[]` for Output. */
  readonly outputPorts: readonly string[];
  /** The important parameters as short phrases for one line on the card: `3×3 · 64 · stride 2`. */
  summary(params: ParamsOf<T>): readonly MessageValue[];
  /** Output shape of one sample; for Output, its input shape. */
  inferShape(params: ParamsOf<T>, inputs: readonly Shape[]): ShapeResult;
  parameters(params: ParamsOf<T>, inputs: readonly Shape[]): readonly ParameterDeclaration[];
  /** Channels of running statistics; 0 for every block that has none. */
  statisticChannels(params: ParamsOf<T>, inputs: readonly Shape[]): number;
  /** Floating-point operations of the forward pass of one sample; a multiply-add counts as two. */
  flops(params: ParamsOf<T>, inputs: readonly Shape[], output: Shape): number;
  /** Emits the forward instructions and returns the block's output tensor. */
  lower(params: ParamsOf<T>, context: LoweringContext): TensorId;
}
