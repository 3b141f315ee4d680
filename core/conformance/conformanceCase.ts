import type { CompileOptions } from '../compile/options.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Shape } from '../program/shape.ts';
import { chain, network, type Body, type Link } from './networks.ts';

/** One small network and how it is run. */
export interface ConformanceCase {
  readonly name: string;
  readonly graph: ShapedGraph;
  readonly batch: number;
  readonly options?: Partial<CompileOptions>;
  /** Leaves every third sample without a label. */
  readonly someLabels?: boolean;
  /** Compute threads; 1 unless told. */
  readonly threads?: number;
  /** True where a gradient holds something constant that moves with the input: central differences would not. */
  readonly holdsConstants?: boolean;
  /** Times the tolerance of norms: in deep networks the roundings of all layers add up. */
  readonly roundingDepth?: number;
}

/** A case of blocks in a row. */
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
