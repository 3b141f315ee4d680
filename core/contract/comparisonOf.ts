import { blockIn } from '../compare/blockWeights.ts';
import type { Comparable } from '../compare/comparable.ts';
import type { BatchNormComparison } from '../compare/compareBatchNorm.ts';
import type { ModelComparison } from '../compare/compareModels.ts';
import type { SettingComparison } from '../compare/compareSettings.ts';
import type { TensorComparison } from '../compare/compareTensors.ts';
import { mergeGraphs, type MergedBlock, type MergedGraph } from '../compare/mergeGraphs.ts';
import { placeMerged } from '../compare/placeMerged.ts';
import { isEqual, pairingNotes, verdictOf } from '../compare/verdict.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ParamValue } from '../document/schema.ts';
import type { Message } from '../words/message.ts';
import {
  COMPARISON_LIMITS as LIMITS,
  type Comparison,
  type DrawnBlock,
  type TensorRow,
} from './comparison.ts';
import { changeRows } from './comparisonChanges.ts';

/** A side of a comparison: the model, and what is said about it. */
export interface ComparedSide {
  readonly name: string;
  readonly format: string;
  readonly architecture: string | null;
  readonly model: Comparable;
  readonly notes: readonly Message[];
}

/** The comparison of two models as the screen gets it: sorted, bounded, and with the merged network laid out. */
export function comparisonOf(a: ComparedSide, b: ComparedSide, compared: ModelComparison): Comparison {
  const merged = mergedOf(a, b, compared);
  const blockOf = blockLookup(merged);
  const norms = new Set(compared.batchNorm.map((block) => String(block.a)));
  const tensors = sortedTensors(compared.tensors, norms);
  return {
    ...{ a: sideOf(a), b: sideOf(b), isEqual: isEqual(compared), verdict: verdictOf(compared) },
    notes: [...a.notes, ...b.notes, ...pairingNotes(compared)],
    batchNorm: listOf(sortedNorms(compared.batchNorm), LIMITS.batchNorm, (block) => normRow(block, blockOf)),
    tensors: listOf(tensors, LIMITS.tensors, (tensor) => tensorRow(tensor, norms, blockOf)),
    differing: tensors.filter((tensor) => !tensor.isEqual).length,
    unpaired: unpairedOf(compared, blockOf),
    changes: listOf(
      compared.graph === null ? [] : changeRows(compared.graph, merged),
      LIMITS.changes,
      (row) => ({
        ...row,
        ...{ of: short(row.of), a: shortValue(row.a), b: shortValue(row.b) },
      }),
    ),
    graph: merged === null ? null : drawn(merged),
  };
}

function mergedOf(
  { model: a }: ComparedSide,
  { model: b }: ComparedSide,
  compared: ModelComparison,
): MergedGraph | null {
  if (a.kind !== 'network' || b.kind !== 'network') return null;
  return mergeGraphs(a.network.graph, b.network.graph, compared);
}

function sideOf({ name, format, architecture }: ComparedSide): Comparison['a'] {
  return { name: short(name), format, architecture };
}

type BlockOf = (slotInA: string | null, slotInB: string | null) => NodeId | null;

/** Finds the merged block of a slot by the slot's name in A or in B. */
function blockLookup(merged: MergedGraph | null): BlockOf {
  const inA = new Map<string, NodeId>();
  const inB = new Map<string, NodeId>();
  for (const { id, a, b } of merged?.blocks ?? []) {
    if (a !== null) inA.set(a, id);
    if (b !== null) inB.set(b, id);
  }
  return (slotInA, slotInB) =>
    (slotInA === null ? undefined : inA.get(blockIn(slotInA))) ??
    (slotInB === null ? undefined : inB.get(blockIn(slotInB))) ??
    null;
}

function sortedNorms(blocks: readonly BatchNormComparison[]): readonly BatchNormComparison[] {
  return blocks.toSorted((one, other) => Number(one.isEqual) - Number(other.isEqual));
}

/** BatchNorm first; then values that are not finite, then by relative difference, then by elements that differ. */
function sortedTensors(
  tensors: readonly TensorComparison[],
  norms: ReadonlySet<string>,
): readonly TensorComparison[] {
  const rank = (tensor: TensorComparison): readonly number[] => [
    norms.has(blockIn(tensor.a)) ? 1 : 0,
    tensor.notFinite,
    tensor.relative,
    tensor.differing,
  ];
  return tensors
    .map((tensor) => ({ tensor, by: rank(tensor) }))
    .toSorted((one, other) => {
      const at = one.by.findIndex((value, index) => value !== other.by[index]);
      return at < 0 ? 0 : (other.by[at] ?? 0) - (one.by[at] ?? 0);
    })
    .map(({ tensor }) => tensor);
}

function tensorRow(tensor: TensorComparison, norms: ReadonlySet<string>, blockOf: BlockOf): TensorRow {
  const { a, b, dims, ...figures } = tensor;
  return {
    ...{ block: blockOf(a, b), a: short(a), b: short(b), dims: shortDims(dims) },
    ...{ ofBatchNorm: norms.has(blockIn(a)), ...figures },
  };
}

function normRow(block: BatchNormComparison, blockOf: BlockOf): Comparison['batchNorm']['rows'][number] {
  const { a, b, isEqual, channelsA, channelsB, settings, relative, scale } = block;
  const figure = (field: keyof typeof relative): { absolute: number; relative: number } | null => {
    const absolute = block[field];
    return absolute === null ? null : { absolute, relative: relative[field] ?? 0 };
  };
  return {
    ...{ block: blockOf(a, b), a, b, isEqual, channelsA, channelsB, settings: settings.map(settingRow) },
    ...{ mean: figure('mean'), variance: figure('variance'), gamma: figure('gamma'), beta: figure('beta') },
    scale,
  };
}

function settingRow({
  name,
  a,
  b,
  differs,
}: SettingComparison): Comparison['batchNorm']['rows'][number]['settings'][number] {
  return { name: short(name), a: shortValue(a), b: shortValue(b), differs };
}

function unpairedOf(compared: ModelComparison, blockOf: BlockOf): Comparison['unpaired'] {
  const { otherShape, onlyA, onlyB, notCompared } = compared;
  const none = { dimsA: null, dimsB: null, notCompared: false };
  const rows = [
    ...otherShape.map(({ a, b, dimsA, dimsB }) => ({ ...none, a, b, dimsA, dimsB })),
    ...onlyA.map(({ name, dims }) => ({ ...none, a: name, b: null, dimsA: dims })),
    ...onlyB.map(({ name, dims }) => ({ ...none, a: null, b: name, dimsB: dims })),
    ...notCompared.a.map((name) => ({ ...none, a: name, b: null, notCompared: true })),
    ...notCompared.b.map((name) => ({ ...none, a: null, b: name, notCompared: true })),
  ];
  return listOf(rows, LIMITS.unpaired, ({ a, b, dimsA, dimsB, notCompared: isLeft }) => ({
    ...{ block: isLeft ? null : blockOf(a, b), notCompared: isLeft },
    ...{ a: a === null ? null : short(a), b: b === null ? null : short(b) },
    ...{ dimsA: dimsA === null ? null : shortDims(dimsA), dimsB: dimsB === null ? null : shortDims(dimsB) },
  }));
}

function drawn(merged: MergedGraph): Comparison['graph'] {
  if (merged.blocks.length > LIMITS.blocks) return { kind: 'tooLarge', blocks: merged.blocks.length };
  const { corners, routes } = placeMerged(merged);
  return {
    kind: 'drawn',
    blocks: merged.blocks.map((block) => drawnBlock(block, corners.get(block.id) ?? { x: 0, y: 0 })),
    wires: merged.wires.map(({ state, from, to }, index) => ({
      ...{ state, from, to, route: [...(routes[index] ?? [])] },
    })),
  };
}

function drawnBlock(merged: MergedBlock, corner: DrawnBlock['corner']): DrawnBlock {
  const { id, state, a, b, block, otherKind, otherShape, params, weights, inputs, outputs } = merged;
  const { definition, name, shape, parameterCount, statisticChannels } = block;
  return {
    ...{ id, state, a, b, kind: definition.kind, otherKind, weights, corner },
    ...(name === definition.title ? {} : { label: name }),
    params: Object.fromEntries(
      Object.entries(block.params).map(([key, value]) => [key, shortValue(value) ?? '']),
    ),
    differing: params.map(settingRow),
    ...{ shape: [...shape], otherShape: otherShape === null ? null : [...otherShape] },
    ...{ parameterCount, statisticCount: 2 * statisticChannels },
    ...{ inputs: [...inputs], outputs: [...outputs] },
  };
}

function listOf<T, R>(
  items: readonly T[],
  most: number,
  rowOf: (item: T) => R,
): { readonly rows: R[]; readonly total: number } {
  return { rows: items.slice(0, most).map(rowOf), total: items.length };
}

/** A name that is too long loses its middle: its end tells more than that. */
function short(name: string): string {
  if (name.length <= LIMITS.name) return name;
  const half = Math.floor((LIMITS.name - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

function shortValue<V extends ParamValue | null>(value: V): V | string {
  return typeof value === 'string' ? value.slice(0, LIMITS.value) : value;
}

function shortDims(dims: readonly number[]): number[] {
  return dims.slice(0, LIMITS.dims);
}
