import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { EmittedInstruction } from '../program/instruction.ts';
import type { ProgramMode } from '../program/program.ts';
import type { Initializer } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Shape } from '../program/shape.ts';
import type { ParamsOf, ParamTable } from './paramSpec.ts';
import type { Message, MessageValue } from '../words/message.ts';

/** Families in palette order; each has a colour token of its own. */
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
  /** Behind the block's name: `graph.ofBlock` puts the two together. */
  readonly problem: Message;
  readonly hint: Message;
}
export type ShapeResult =
  | { readonly ok: true; readonly shape: Shape }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

/** A parameter that a block owns, before it has a place in the state. */
export interface ParameterDeclaration {
  readonly field: 'weights' | 'bias' | 'gamma' | 'beta';
  readonly dims: readonly number[];
  readonly init: Initializer;
  readonly trainable: boolean;
  readonly decayed: boolean;
}

/**
 * What a block's `lower` may do: ask for tensors and emit forward instructions. Gradients are `core/compile`'s
 * business.
 */
export interface LoweringContext {
  readonly node: NodeId;
  readonly mode: ProgramMode;
  /** One for each input port, in port order. */
  readonly inputs: readonly { readonly tensor: TensorId; readonly shape: Shape }[];
  readonly outputShape: Shape;
  /** New activation of one sample's `shape`; `suffix` tells several of one block apart. */
  activation(suffix: string, shape: Shape): TensorId;
  /** New batched `saved` tensor (masks, indices) with the element count of `shape` a sample. */
  saved(suffix: string, shape: Shape): TensorId;
  parameter(field: ParameterDeclaration['field']): TensorId;
  statistic(field: 'mean' | 'variance'): TensorId;
  batchStatistic(field: 'mean' | 'variance'): TensorId;
  /** A number that tells the random blocks of this graph apart, the same in every compilation. */
  readonly salt: number;
  emit(instruction: EmittedInstruction): void;
}

/** Everything that the lab knows about one kind of block. One file each in this folder, listed in `registry.ts`. */
export interface NodeDefinition<T extends ParamTable = ParamTable> {
  /** Stands in project files: never renamed. */
  readonly kind: string;
  /** What ids of new blocks begin with: `conv1`, `conv2`, …; the kind where absent. */
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
  /** The parameters that matter, in phrases of one line for the card: `3×3 · 64 · stride 2`. */
  summary(params: ParamsOf<T>): readonly MessageValue[];
  /** Output shape of one sample; for Output, the shape it receives. */
  inferShape(params: ParamsOf<T>, inputs: readonly Shape[]): ShapeResult;
  parameters(params: ParamsOf<T>, inputs: readonly Shape[]): readonly ParameterDeclaration[];
  /** Channels of stored statistics; 0 for every block but the normalizing ones. */
  statisticChannels(params: ParamsOf<T>, inputs: readonly Shape[]): number;
  /** Multiply-adds counted as two, forward pass of one sample. */
  flops(params: ParamsOf<T>, inputs: readonly Shape[], output: Shape): number;
  /** Emits the forward instructions and returns the block's output tensor. */
  lower(params: ParamsOf<T>, context: LoweringContext): TensorId;
}
