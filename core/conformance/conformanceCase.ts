import type { CompileOptions } from '../compile/options.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Shape } from '../program/shape.ts';
import { chain, network, type Body, type Link } from './networks.ts';

/** One small network and the settings of its run. */
export interface ConformanceCase {
  readonly name: string;
  readonly graph: ShapedGraph;
  readonly batch: number;
  readonly options?: Partial<CompileOptions>;
  /** True: every third sample has no label. */
  readonly someLabels?: boolean;
  /** Compute threads; 1 by default. */
  readonly threads?: number;
  /**
   * True when the gradient treats a value as constant that depends on the input; central differences then do not apply.
   */
  readonly holdsConstants?: boolean;
  /** Factor of the norm tolerances: in deep networks the rounding errors of all layers add up. */
  readonly roundingDepth?: number;
}

/** Returns a case with the given blocks in a row. */
export function chainCase(
  name: string,
  inputShape: Shape,
  batch: number,
  ...links: readonly Link[]
): ConformanceCase {
  return bodyCase(name, inputShape, batch, chain(...links));
}

export function bodyCase(name: string, inputShape: Shape, batch: number, body: Body): ConformanceCase {
  const title = `${name}, ${inputShape.join('x')}, batch ${String(batch)}`;
  return { name: title, graph: network(inputShape, body), batch };
}
