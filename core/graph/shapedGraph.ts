import type { Brand } from '../diagnostics/brand.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { NodeDefinition, ParameterDeclaration } from '../nodes/definition.ts';
import type { Shape } from '../program/shape.ts';
import type { MessageValue } from '../words/message.ts';

/**
 * One block that passed validation: definition found, parameters checked and completed with defaults, every input port
 * wired.
 */
export interface ValidNode {
  readonly id: NodeId;
  /** The user's label, or the kind's title. */
  readonly name: string;
  /** How messages name it: unlike `name`, never the same for two blocks without a label. */
  readonly called: MessageValue;
  readonly definition: NodeDefinition;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  /** Source of each input port, in port order. */
  readonly sources: readonly Endpoint[];
}

/**
 * The blocks of a graph, faulty or not, that are right in themselves and whose sources are too, sources first and ties
 * by id. `core/graph/validate.ts` is the only maker.
 */
export type ValidPart = Brand<readonly ValidNode[], 'ValidPart'>;

export interface ValidGraphData {
  /**
   * Sources first; ties by id, so the order does not depend on how the file was written. Blocks that are left out of
   * training are not in it.
   */
  readonly order: readonly ValidNode[];
  readonly input: ValidNode;
  readonly output: ValidNode;
  /** The blocks of `order`, and those that are left out of training and are right nonetheless. */
  readonly part: ValidPart;
}
/** A graph without errors of structure: `core/graph/validate.ts` is the only maker. */
export type ValidGraph = Brand<ValidGraphData, 'ValidGraph'>;

export interface ShapedNode extends ValidNode {
  readonly inputShapes: readonly Shape[];
  readonly shape: Shape;
  readonly parameters: readonly ParameterDeclaration[];
  readonly parameterCount: number;
  readonly statisticChannels: number;
  /** Forward pass of one sample. */
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
  /** Numbers that arrive at the Output: `classes`, or 1 where one logit tells two classes apart. */
  readonly logitCount: number;
  readonly parameterCount: number;
  readonly flops: number;
}
/** A valid graph whose every shape is known: `core/graph/inferShapes.ts` is the only maker. */
export type ShapedGraph = Brand<ShapedGraphData, 'ShapedGraph'>;

/**
 * What checking a graph gives. Shapes are there for every block that could be reached without an error, so the canvas
 * can show them while other blocks are still wrong.
 */
export interface GraphReport {
  readonly diagnostics: readonly Diagnostic[];
  /** Null as long as an error stands. */
  readonly graph: ShapedGraph | null;
  readonly shapes: ReadonlyMap<NodeId, Shape>;
  readonly parameterCounts: ReadonlyMap<NodeId, number>;
}
