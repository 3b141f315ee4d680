import { elementCount } from '../program/shape.ts';
import type { NamedTensor } from './comparable.ts';
import { compareValues, type Meter, type ValueDifference } from './compareValues.ts';

/** A tensor of both models. */
export interface TensorComparison extends ValueDifference {
  /** Its name in each model. */
  readonly a: string;
  readonly b: string;
  readonly dims: readonly number[];
  /** True when every element has the same float32 bits. */
  readonly isEqual: boolean;
}

/** A tensor of both models with different shapes; its elements are not compared. */
interface OtherShape {
  readonly a: string;
  readonly b: string;
  readonly dimsA: readonly number[];
  readonly dimsB: readonly number[];
}

/** A tensor of one model only. */
type LoneTensor = Pick<NamedTensor, 'name' | 'dims'>;

/** The tensors of two models. Every tensor of each is in it once. */
export interface TensorsComparison {
  readonly tensors: readonly TensorComparison[];
  readonly otherShape: readonly OtherShape[];
  readonly onlyA: readonly LoneTensor[];
  readonly onlyB: readonly LoneTensor[];
}

/** A tensor of each model that stand for the same; undefined where a model has none. */
export type TensorPair = readonly [NamedTensor | undefined, NamedTensor | undefined];

/** Number of elements that `compareTensors` compares: those of pairs with the same shape. */
export function elementsOf(pairs: readonly TensorPair[]): number {
  let elements = 0;
  for (const [a, b] of pairs)
    if (a !== undefined && b !== undefined && isSame(a.dims, b.dims)) elements += elementCount(a.dims);
  return elements;
}

/** Compares pairs of tensors, one pair in memory at a time. Rejects as `meter` does. */
export async function compareTensors(pairs: Iterable<TensorPair>, meter: Meter): Promise<TensorsComparison> {
  const tensors: TensorComparison[] = [];
  const otherShape: OtherShape[] = [];
  const onlyA: LoneTensor[] = [];
  const onlyB: LoneTensor[] = [];
  for (const [a, b] of pairs) {
    if (a === undefined || b === undefined) {
      if (a !== undefined) onlyA.push({ name: a.name, dims: a.dims });
      if (b !== undefined) onlyB.push({ name: b.name, dims: b.dims });
    } else if (isSame(a.dims, b.dims)) tensors.push(await compareTwo(a, b, meter));
    else otherShape.push({ a: a.name, b: b.name, dimsA: a.dims, dimsB: b.dims });
  }
  return { tensors, otherShape, onlyA, onlyB };
}

/** Pairs tensors of the same name: those of `a` in their order, then those that only `b` has. */
export function pairByName(a: readonly NamedTensor[], b: readonly NamedTensor[]): TensorPair[] {
  const inA = new Set(a.map(({ name }) => name));
  const inB = new Map(b.map((tensor) => [tensor.name, tensor]));
  return [
    ...a.map((tensor): TensorPair => [tensor, inB.get(tensor.name)]),
    ...b.filter(({ name }) => !inA.has(name)).map((tensor): TensorPair => [undefined, tensor]),
  ];
}

async function compareTwo(a: NamedTensor, b: NamedTensor, meter: Meter): Promise<TensorComparison> {
  const values = await compareValues(a.read(), b.read(), meter);
  return { a: a.name, b: b.name, dims: a.dims, isEqual: values.differing === 0, ...values };
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((dim, index) => dim === other[index]);
}
