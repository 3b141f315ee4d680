import type { Params } from '../document/schema.ts';
import type { NodeDefinition } from './definition.ts';

/** Every parameter of a new block, at its default. */
export function defaultParams(definition: NodeDefinition): Params {
  return Object.fromEntries(Object.entries(definition.params).map(([name, spec]) => [name, spec.default]));
}

/** `params` with defaults where a parameter is absent; what the definition does not know is left out. */
export function completeParams(definition: NodeDefinition, params: Params): Params {
  return Object.fromEntries(
    Object.entries(definition.params).map(([name, spec]) => [
      name,
      Object.hasOwn(params, name) ? (params[name] ?? spec.default) : spec.default,
    ]),
  );
}
