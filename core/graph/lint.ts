import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { WiredNode } from './checkedNode.ts';

/** The values that most BatchNorm blocks of a network share; null where no value prevails. */
export interface UsualNorm {
  readonly epsilon: number | null;
  readonly decay: number | null;
}

/** The network around a block. */
export interface Neighbourhood {
  readonly byId: ReadonlyMap<NodeId, WiredNode>;
  readonly followers: ReadonlyMap<NodeId, readonly WiredNode[]>;
  readonly usual: UsualNorm;
}

/** Advice about one block, or null. */
export type Lint = (node: WiredNode, around: Neighbourhood) => Diagnostic | null;
