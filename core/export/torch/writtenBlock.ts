import type { ShapedNode } from '../../graph/shapedGraph.ts';
import type { NodeDefinition } from '../../nodes/definition.ts';
import type { ParamsOf, ParamTable } from '../../nodes/paramSpec.ts';
import type { Message } from '../../words/message.ts';
import type { HelperClass } from './helperClasses.ts';

/** A block as `model.py` contains it. */
export interface WrittenBlock {
  /** The expression that makes its module; absent for a block that is only an expression in `forward`. */
  readonly module?: string;
  /** Comment behind the line of the module. */
  readonly comment?: string;
  /** Attributes of the module that are set to None, such as the `bias` of a GroupNorm without beta. */
  readonly without?: readonly string[];
  /** The expression of its output; by default the call of its module. `self` is `self.conv1`. */
  readonly call?: (inputs: readonly string[], self: string) => string;
  /** The class of `model.py` itself that the module needs. */
  readonly helper?: HelperClass;
  /** Lines of `freeze_batch_norm`; `self` is `self.bn1`. */
  readonly freeze?: (self: string) => readonly string[];
  /** What PyTorch expresses in another way, or not at all. */
  readonly notes?: readonly Message[];
}

export type BlockWriter = (block: ShapedNode) => WrittenBlock;

/** A line of the table of writers: the kind of the block and its writer, which gets the parameters by their types. */
export function writerOf<T extends ParamTable>(
  definition: NodeDefinition<T>,
  write: (params: ParamsOf<T>, block: ShapedNode) => WrittenBlock,
): readonly [kind: string, writer: BlockWriter] {
  // The parameters of a shaped block are complete and checked by this definition, but its type does not say so.
  return [definition.kind, (block) => write(block.params as ParamsOf<T>, block)];
}
