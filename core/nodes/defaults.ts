import type { Params } from '../document/schema.ts';
import type { NodeDefinition } from './definition.ts';

/** The default parameters of a new block. */
export function defaultParams(definition: NodeDefinition): Params {
  return Object.fromEntries(Object.entries(definition.params).map(([name, spec]) => [name, spec.default]));
}

/** `params` completed with defaults; parameters that are not in the definition are left out. */
export function completeParams(definition: NodeDefinition, params: Params): Params {
  return Object.fromEntries(
    Object.entries(definition.params).map(([name, spec]) => [
      name,
      Object.hasOwn(params, name) ? (params[name] ?? spec.default) : spec.default,
    ]),
  );
}
