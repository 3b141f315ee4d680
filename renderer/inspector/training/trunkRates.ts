import type { Graph } from '#core/document/schema.ts';
import { ratesOf } from '#core/rewrites/whatTrains.ts';
import type { Shapes } from '#core/rewrites/trunk.ts';

/** The learning rate factors of a network as its settings give them; null where blocks differ from them. */
export interface TrunkRates {
  readonly head: number | null;
  /** Of the trunk's last stage. */
  readonly trunk: number | null;
  /** Of each stage relative to the one after it. */
  readonly decay: number | null;
}

/** Factors that differ by no more than this share are the same: they are rounded to twelve digits. */
const SAME = 1e-9;

export function trunkRatesOf(graph: Graph, shapes?: Shapes): TrunkRates {
  const { head, stages } = ratesOf(graph, shapes);
  const trunk = stages.at(-1) ?? (stages.length === 0 ? 1 : null);
  const ratios = stages.slice(0, -1).map((stage, index) => ratioOf(stage, stages[index + 1] ?? null));
  const [first = 1, ...others] = ratios;
  const isOne = first !== null && others.every((ratio) => ratio !== null && isSame(ratio, first));
  return { head, trunk, decay: isOne ? Number(first.toPrecision(9)) : null };
}

function ratioOf(stage: number | null, next: number | null): number | null {
  return stage === null || next === null ? null : stage / next;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME * Math.max(a, b);
}
