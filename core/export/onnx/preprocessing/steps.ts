import type { Attributes, GraphBuilder } from '../graphBuilder.ts';

/**
 * All names of the preprocessing begin with it. A node of a block named `preprocessing` has one more part at most, and
 * the names below have two.
 */
const PREFIX = 'preprocessing';

/** Adds nodes and constants under names of the preprocessing. Values are given and returned by name. */
export interface Steps {
  /** A node `part.name` with one output. */
  step(
    part: string,
    name: string,
    opType: string,
    inputs: readonly string[],
    attributes?: Attributes,
  ): string;
  /** A float64 scalar; equal ones are one constant. */
  real(value: number): string;
  /** An int32 scalar; equal ones are one constant. */
  whole(value: number): string;
  /** A constant `part.name`. */
  list(part: string, name: string, dims: readonly number[], data: Float64Array | BigInt64Array): string;
}

export function createSteps(builder: GraphBuilder): Steps {
  const scalars = new Map<string, string>();
  const scalar = (name: string, data: Float64Array | Int32Array): string => {
    const known = scalars.get(name) ?? builder.constant(name, [], data);
    scalars.set(name, known);
    return known;
  };
  return {
    step(part, name, opType, inputs, attributes = {}) {
      const full = `${PREFIX}.${part}.${name}`;
      return builder.node(full, opType, inputs, `${full}.out`, attributes);
    },
    real: (value) => scalar(`${PREFIX}.real.${value}`, Float64Array.of(value)),
    whole: (value) => scalar(`${PREFIX}.whole.${value}`, Int32Array.of(value)),
    list: (part, name, dims, data) => builder.constant(`${PREFIX}.${part}.${name}`, dims, data),
  };
}
