import type { ShapedNode } from '../graph/shapedGraph.ts';
import type { ParamValue } from '../document/schema.ts';
import type { BlockPair } from './alignBlocks.ts';

/** A parameter of a block in both models. */
export interface SettingComparison {
  /** As in the project file: `epsilon`. */
  readonly name: string;
  /** Null where the block has no such parameter. */
  readonly a: ParamValue | null;
  readonly b: ParamValue | null;
  /** False also for a parameter without effect in one of the models, such as the decay of a cumulative average. */
  readonly differs: boolean;
}

/** The parameters of two blocks side by side, in inspector order. */
export function compareSettings({ a, b }: BlockPair): readonly SettingComparison[] {
  const names = new Set([
    ...Object.keys(a.definition.params),
    ...Object.keys(b.definition.params),
    ...Object.keys(a.params),
    ...Object.keys(b.params),
  ]);
  return [...names].map((name) => {
    const ofA = a.params[name] ?? null;
    const ofB = b.params[name] ?? null;
    return { name, a: ofA, b: ofB, differs: ofA !== ofB && isInForce(a, name) && isInForce(b, name) };
  });
}

/** True when the inspector shows the parameter: its condition holds, as does that of the parameter it depends on. */
function isInForce(block: ShapedNode, name: string): boolean {
  const condition = block.definition.params[name]?.visibleWhen;
  if (condition === undefined) return true;
  return block.params[condition.param] === condition.is && isInForce(block, condition.param);
}
