import type { KerasLayer, KerasVariable } from './kerasLayer.ts';

/** A group of a `.weights.h5` file: the variables of one layer. */
export interface WeightGroup {
  /** `layers/conv2d_1`; its variables are below `vars`. Empty for the model itself. */
  readonly path: string;
  /** The layer's own name. */
  readonly name: string;
  readonly variables: readonly KerasVariable[];
}

/**
 * Where Keras 3 keeps the variables of each layer: by its class in snake case, counted in the order of the model
 * (`_save_container_state` in keras/src/saving/saving_lib.py). Operations are no layers.
 */
export function weightGroups(
  layers: readonly KerasLayer[],
  variablesOf: (layer: KerasLayer) => readonly KerasVariable[],
): readonly WeightGroup[] {
  const counts = new Map<string, number>();
  return layers
    .filter(({ operation }) => operation === null)
    .map((layer) => {
      const base = snakeCase(layer.kind);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      const path = `layers/${base}${count === 0 ? '' : `_${String(count)}`}`;
      return { path, name: layer.name, variables: variablesOf(layer) };
    });
}

/** `Conv2D` to `conv2d`, `PReLU` to `p_re_lu` (`to_snake_case` in keras/src/utils/naming.py). */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
