import type { BatchNormComparison } from '#core/compare/compareBatchNorm.ts';
import type { GraphComparison } from '#core/compare/compareGraphs.ts';
import type { ModelComparison } from '#core/compare/compareModels.ts';
import type { TensorComparison } from '#core/compare/compareTensors.ts';
import { table } from './output.ts';

/** The tables of a comparison, BatchNorm first; without `isAll` only what differs. Empty tables are left out. */
export function comparisonTables(comparison: ModelComparison, isAll: boolean): readonly string[] {
  const { batchNorm, tensors, graph } = comparison;
  const blocks = batchNorm.filter((block) => isAll || !block.isEqual);
  return [
    ...titled('BatchNorm settings', ['block', 'setting', 'A', 'B'], settingRows(blocks, isAll)),
    ...titled('BatchNorm values, largest difference', VALUE_COLUMNS, blocks.map(valueRow)),
    ...titled('tensors, largest difference', TENSOR_COLUMNS, tensorRows(tensors, isAll)),
    ...titled('tensors without a counterpart', ['tensor', 'A', 'B'], unpairedRows(comparison)),
    ...(graph === null ? [] : graphTables(graph, new Set(batchNorm.map(({ a }) => a)))),
  ];
}

type Row = readonly (string | number)[];

const VALUE_COLUMNS = ['block', 'mean', 'variance', 'gamma', 'beta', 'scale', 'scale by epsilon alone'];
const TENSOR_COLUMNS = ['tensor', 'shape', 'absolute', 'relative', 'differing', 'NaN or infinite in A', 'B'];

function titled(title: string, columns: readonly string[], rows: readonly Row[]): string[] {
  return rows.length === 0 ? [] : [`${title}\n${table(columns, rows)}`];
}

function settingRows(blocks: readonly BatchNormComparison[], isAll: boolean): Row[] {
  return blocks.flatMap((block) =>
    block.settings
      .filter(({ differs }) => isAll || differs)
      .map(({ name, a, b }) => [bothNames(block), name, String(a ?? '-'), String(b ?? '-')]),
  );
}

function valueRow(block: BatchNormComparison): Row {
  const { mean, variance, gamma, beta, scale, epsilonAlone } = block;
  return [
    bothNames(block),
    ...[mean, variance, gamma, beta].map(short),
    ...[scale, epsilonAlone].map((factor) =>
      factor === null
        ? '-'
        : `${percent(factor.relative)}${factor.notFinite === 0 ? '' : ` (${factor.notFinite} not finite)`}`,
    ),
  ];
}

function tensorRows(tensors: readonly TensorComparison[], isAll: boolean): Row[] {
  return tensors
    .filter((tensor) => isAll || !tensor.isEqual)
    .map((tensor) => [
      ...[bothNames(tensor), shapeWords(tensor.dims)],
      ...(tensor.isEqual
        ? ['equal to the bit', '']
        : [`${short(tensor.absolute)}${unlike(tensor)}`, percent(tensor.relative)]),
      ...[`${tensor.differing} of ${tensor.elements}`, tensor.notFiniteA, tensor.notFiniteB],
    ]);
}

function unlike({ notFinite }: TensorComparison): string {
  return notFinite === 0 ? '' : ` (${notFinite} not finite)`;
}

function unpairedRows({ otherShape, onlyA, onlyB, notCompared }: ModelComparison): Row[] {
  return [
    ...otherShape.map((each) => [bothNames(each), shapeWords(each.dimsA), shapeWords(each.dimsB)]),
    ...onlyA.map(({ name, dims }) => [name, shapeWords(dims), '-']),
    ...onlyB.map(({ name, dims }) => [name, '-', shapeWords(dims)]),
    ...notCompared.a.map((name) => [name, 'not compared', '-']),
    ...notCompared.b.map((name) => [name, '-', 'not compared']),
  ];
}

/** The settings of `shown` blocks are in the tables of BatchNorm already. */
function graphTables(
  { onlyA, onlyB, changed, wires }: GraphComparison,
  shown: ReadonlySet<string>,
): string[] {
  const blocks: Row[] = [
    ...changed
      .filter(({ kindA, kindB }) => kindA !== kindB)
      .map((each) => [bothNames(each), each.kindA, each.kindB]),
    ...onlyA.map(({ id, kind }) => [id, kind, '-']),
    ...onlyB.map(({ id, kind }) => [id, '-', kind]),
  ];
  const settings = changed
    .filter(({ a }) => !shown.has(a))
    .flatMap((each) =>
      each.params.map(({ name, a, b }) => [bothNames(each), name, String(a ?? '-'), String(b ?? '-')]),
    );
  const fed = wires.map(({ portA, portB, sourceA, sourceB }) => [
    ...[portA ?? portB ?? '', sourceA ?? '-', sourceB ?? '-'],
  ]);
  return [
    ...titled('blocks', ['block', 'kind in A', 'kind in B'], blocks),
    ...titled('settings of blocks', ['block', 'setting', 'A', 'B'], settings),
    ...titled('wires', ['input', 'from in A', 'from in B'], fed),
  ];
}

function bothNames({ a, b }: { readonly a: string; readonly b: string }): string {
  return a === b ? a : `${a} | ${b}`;
}

function shapeWords(dims: readonly number[]): string {
  return dims.length === 0 ? 'scalar' : dims.join('×');
}

function short(value: number | null): string {
  return value === null ? '-' : value === 0 ? '0' : value.toPrecision(3);
}

function percent(fraction: number): string {
  return `${short(100 * fraction)} %`;
}
