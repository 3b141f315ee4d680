import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Params, ParamValue } from '#core/document/schema.ts';
import type { NodeDefinition } from '#core/nodes/definition.ts';
import type { ParamSpec } from '#core/nodes/paramSpec.ts';

export interface ParamHolder {
  readonly id: NodeId;
  readonly params: Params;
}

/** The value that all blocks have for `name` (absent ones count as the default), or null where they differ. */
export function commonValue(
  blocks: readonly ParamHolder[],
  name: string,
  spec: ParamSpec,
): ParamValue | null {
  const [first, ...rest] = blocks.map((block) => block.params[name] ?? spec.default);
  return first !== undefined && rest.every((value) => value === first) ? first : null;
}

/** True when all blocks show `spec`: its condition holds for each, and so does that of the parameter it depends on. */
export function isVisible(
  blocks: readonly ParamHolder[],
  definition: NodeDefinition,
  spec: ParamSpec,
): boolean {
  const condition = spec.visibleWhen;
  if (!condition) return true;
  const controlling = definition.params[condition.param];
  return (
    controlling !== undefined &&
    commonValue(blocks, condition.param, controlling) === condition.is &&
    isVisible(blocks, definition, controlling)
  );
}

/** Parameters that all `definitions` have with the same name and kind of value, in the first one's order. */
export function sharedParams(definitions: readonly NodeDefinition[]): readonly string[] {
  const [first, ...rest] = definitions;
  if (!first) return [];
  return Object.entries(first.params)
    .filter(([name, spec]) => rest.every((other) => sameSpec(spec, other.params[name])))
    .map(([name]) => name);
}

function sameSpec(a: ParamSpec, b: ParamSpec | undefined): boolean {
  if (a.type !== b?.type) return false;
  if (a.type !== 'choice' || b.type !== 'choice') return true;
  return (
    a.options.length === b.options.length &&
    a.options.every(({ value }, index) => value === b.options[index]?.value)
  );
}
