import type { Brand } from '../diagnostics/brand.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { NodeDefinition, ParameterDeclaration } from '../nodes/definition.ts';
import type { Shape } from '../program/shape.ts';
import type { MessageValue } from '../words/message.ts';

/**
 * A block that passed validation: its kind is known, parameters are checked and completed with defaults, and every
 * input port has a wire.
 */
export interface ValidNode {
  readonly id: NodeId;
  /** The user's label, or the kind's title. */
  readonly name: string;
  /** Name in messages: unlike `name`, never the same for two blocks without a label. */
  readonly called: MessageValue;
  readonly definition: NodeDefinition;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  /** Source of each input port, in port order. */
  readonly sources: readonly Endpoint[];
}

/**
 * The valid blocks of a graph, with or without errors elsewhere, whose sources are valid too. Sources come first, ties
 * by id. Only `core/graph/validate.ts` creates one.
 */
export type ValidPart = Brand<readonly ValidNode[], 'ValidPart'>;

export interface ValidGraphData {
  /**
   * Sources first; ties by id, so the order does not depend on that of the file. Does not contain blocks that are left
   * out of training.
   */
  readonly order: readonly ValidNode[];
  readonly input: ValidNode;
  readonly output: ValidNode;
  /** The blocks of `order`, and the valid ones among those that are left out of training. */
  readonly part: ValidPart;
}
/** A graph without structural errors; only `core/graph/validate.ts` creates one. */
export type ValidGraph = Brand<ValidGraphData, 'ValidGraph'>;

export interface ShapedNode extends ValidNode {
  readonly inputShapes: readonly Shape[];
  readonly shape: Shape;
  readonly parameters: readonly ParameterDeclaration[];
  readonly parameterCount: number;
  readonly statisticChannels: number;
  /** Floating-point operations of the forward pass of one sample. */
  readonly flops: number;
}

export interface ShapedGraphData {
  readonly order: readonly ShapedNode[];
  readonly byId: ReadonlyMap<NodeId, ShapedNode>;
  readonly input: ShapedNode;
  readonly output: ShapedNode;
  /** `[C, H, W]` of the Input block. */
  readonly inputShape: Shape;
  readonly classes: number;
  /** Number of values at the Output: `classes`, or 1 where one logit separates two classes. */
  readonly logitCount: number;
  readonly parameterCount: number;
  readonly flops: number;
}
/** A valid graph whose every shape is known; only `core/graph/inferShapes.ts` creates one. */
export type ShapedGraph = Brand<ShapedGraphData, 'ShapedGraph'>;

/**
 * The result of checking a graph. It has a shape for every block that inference reached without an error, so the canvas
 * can show shapes while other blocks have errors.
 */
export interface GraphReport {
  readonly diagnostics: readonly Diagnostic[];
  /** Null while there are errors. */
  readonly graph: ShapedGraph | null;
  readonly shapes: ReadonlyMap<NodeId, Shape>;
  readonly parameterCounts: ReadonlyMap<NodeId, number>;
}
