import type {
  BatchNormRow,
  ChangeRow,
  Comparison,
  TensorRow,
  UnpairedRow,
} from '#core/contract/comparison.ts';
import { batchNorm } from '#core/nodes/batchNorm.ts';
import { translate } from '../../messages/i18n.ts';
import { formatValue } from '../../text/formatDuration.ts';
import { visibleName } from '../../text/visibleName.ts';
import {
  kindTitle,
  percent,
  settingChange,
  settingLabel,
  settingValue,
  shapeWords,
} from '../settingWords.ts';
import type { Cell, Column, Row } from './row.ts';

/** The tables of a comparison, in the order of their tabs. */
export const TABLES = ['norms', 'tensors', 'unpaired', 'network'] as const;
export type TableKey = (typeof TABLES)[number];

/** A table of the comparison: its first rows, and how many there are in all. */
export interface ComparisonTable {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly total: number;
  /** Rows that differ, counted over all of them. */
  readonly differing: number;
}

const t = translate;
const KIND = batchNorm.kind;

/** The table of a tab, with texts in the current language. */
export function tableOf(key: TableKey, comparison: Comparison): ComparisonTable {
  switch (key) {
    case 'norms': {
      const { rows, total } = comparison.batchNorm;
      const differing = rows.filter(({ isEqual }) => !isEqual).length;
      return { columns: normColumns(), rows: rows.map(normRow), total, differing };
    }
    case 'tensors': {
      const { rows, total } = comparison.tensors;
      return { columns: tensorColumns(), rows: rows.map(tensorRow), total, differing: comparison.differing };
    }
    case 'unpaired': {
      const { rows, total } = comparison.unpaired;
      return { columns: unpairedColumns(), rows: rows.map(unpairedRow), total, differing: total };
    }
    case 'network': {
      const { rows, total } = comparison.changes;
      return { columns: changeColumns(), rows: rows.map(changeRow), total, differing: total };
    }
  }
}

/** The settings of BatchNorm with a column of their own. */
const OWN_SETTINGS = ['epsilon', 'decay', 'variance'] as const;

function normColumns(): readonly Column[] {
  const figure = (key: string, help: string, width = 114): Column => ({
    ...{ key, label: t(`compare.columns.${key}`), help: t(`compare.help.${help}`), isFigure: true, width },
  });
  return [
    { key: 'block', label: t('compare.columns.block'), width: 112 },
    { key: 'epsilon', label: t('compare.columns.epsilon'), width: 124 },
    { key: 'decay', label: t('compare.columns.decay'), help: t('compare.help.decay'), width: 92 },
    { key: 'variance', label: t('compare.columns.variance'), help: t('compare.help.variance'), width: 136 },
    ...['mean', 'varianceValue', 'gamma', 'beta'].map((key) => figure(key, 'statistic')),
    figure('scale', 'scale', 84),
    { key: 'switches', label: t('compare.columns.switches') },
  ];
}

function normRow(block: BatchNormRow): Row {
  const others = block.settings.filter(
    ({ name, differs }) => differs && !OWN_SETTINGS.some((own) => own === name),
  );
  return {
    ...{ key: `${block.a} ${block.b}`, block: block.block, differs: !block.isEqual },
    cells: [
      { text: names(block.a, block.b) },
      ...OWN_SETTINGS.map((name) => settingCell(block, name)),
      ...([block.mean, block.variance, block.gamma, block.beta] as const).map(figureCell),
      scaleCell(block),
      others.length === 0
        ? { text: t('compare.cells.none'), isDim: true, sort: 0 }
        : {
            text: others.map((each) => settingChange(KIND, each)).join(', '),
            differs: true,
            sort: others.length,
          },
    ],
  };
}

function settingCell({ settings }: BatchNormRow, name: string): Cell {
  const setting = settings.find((each) => each.name === name);
  if (setting === undefined) return { text: t('compare.cells.none'), isDim: true };
  const [a, b] = [setting.a, setting.b].map((value) => withoutRemark(settingValue(KIND, name, value)));
  return setting.differs
    ? { text: t('compare.cells.change', { a: a ?? '', b: b ?? '' }), differs: true }
    : { text: a ?? '', isDim: true };
}

/** `Unbiased` of `Unbiased (PyTorch)`. */
function withoutRemark(value: string): string {
  return value.replace(/\s*[(（][^)）]*[)）]$/, '');
}

function figureCell(figure: BatchNormRow['mean']): Cell {
  if (figure === null) return { text: t('compare.cells.none'), isDim: true };
  const { absolute, relative } = figure;
  return absolute === 0
    ? { text: '0', isDim: true, sort: 0 }
    : { text: `${formatValue(absolute, 2)} (${percent(relative, 2)})`, sort: absolute };
}

function scaleCell({ scale, channelsA, channelsB }: BatchNormRow): Cell {
  if (channelsA !== channelsB)
    return { text: t('compare.cells.channels', { a: channelsA, b: channelsB }), differs: true };
  if (scale === null) return { text: t('compare.cells.none'), isDim: true };
  if (scale.notFinite > 0)
    return {
      text: t('compare.cells.notFiniteCount', { count: scale.notFinite }),
      differs: true,
      sort: Infinity,
    };
  return {
    text: scale.relative === 0 ? '0' : percent(scale.relative),
    isDim: scale.relative === 0,
    sort: scale.relative,
  };
}

function tensorColumns(): readonly Column[] {
  const figure = (key: string, width: number): Column => ({
    ...{ key, label: t(`compare.columns.${key}`), help: t(`compare.help.${key}`), isFigure: true, width },
  });
  return [
    { key: 'tensor', label: t('compare.columns.tensor') },
    figure('absolute', 112),
    figure('relative', 100),
    figure('differing', 74),
    { key: 'shape', label: t('compare.columns.shape'), width: 116 },
    figure('notFinite', 104),
  ];
}

function tensorRow(tensor: TensorRow): Row {
  const { a, b, isEqual, absolute, relative, differing, elements, notFinite } = tensor;
  const hasStrange = tensor.notFiniteA + tensor.notFiniteB > 0;
  return {
    ...{ key: `${a} ${b}`, block: tensor.block, differs: !isEqual },
    cells: [
      { text: names(a, b) },
      isEqual
        ? { text: t('compare.cells.equal'), isDim: true, sort: 0 }
        : { text: formatValue(absolute), sort: absolute, differs: notFinite > 0 },
      isEqual ? { text: '0', isDim: true, sort: 0 } : { text: percent(relative), sort: relative },
      {
        text: percent(elements === 0 ? 0 : differing / elements),
        isDim: isEqual,
        sort: differing / Math.max(1, elements),
      },
      { text: shapeWords(tensor.dims), isDim: true, sort: elements },
      {
        text: hasStrange ? `${tensor.notFiniteA}, ${tensor.notFiniteB}` : '0',
        ...{ isDim: !hasStrange, differs: hasStrange, sort: tensor.notFiniteA + tensor.notFiniteB },
      },
    ],
  };
}

function unpairedColumns(): readonly Column[] {
  return [
    { key: 'tensor', label: t('compare.columns.tensor') },
    { key: 'a', label: t('compare.columns.a'), width: 170 },
    { key: 'b', label: t('compare.columns.b'), width: 170 },
  ];
}

function unpairedRow({ block, a, b, dimsA, dimsB, notCompared }: UnpairedRow, index: number): Row {
  const cell = (name: string | null, dims: readonly number[] | null): Cell => {
    if (name === null) return { text: t('compare.cells.missing'), isDim: true };
    return { text: dims === null ? t('compare.cells.notCompared') : shapeWords(dims) };
  };
  return {
    ...{ key: String(index), block, differs: !notCompared || a === null || b === null },
    cells: [{ text: names(a ?? b ?? '', b ?? a ?? '') }, cell(a, dimsA), cell(b, dimsB)],
  };
}

function changeColumns(): readonly Column[] {
  return [
    { key: 'block', label: t('compare.columns.block'), width: 150 },
    { key: 'what', label: t('compare.columns.what') },
    { key: 'a', label: t('compare.columns.a'), width: 130 },
    { key: 'b', label: t('compare.columns.b'), width: 130 },
  ];
}

function changeRow(change: ChangeRow, index: number): Row {
  return {
    ...{ key: String(index), block: change.block, differs: true },
    cells: [
      { text: visibleName(change.of) },
      { text: whatOf(change) },
      { text: valueOf(change, change.a) },
      { text: valueOf(change, change.b) },
    ],
  };
}

function whatOf({ what, kind, name }: ChangeRow): string {
  if (what === 'param') return settingLabel(kind, name);
  return what === 'wire' ? t('compare.cells.input', { port: name }) : t(`compare.cells.${what}`);
}

function valueOf({ what, kind, name }: ChangeRow, value: ChangeRow['a']): string {
  if (value === null) return t('compare.cells.none');
  if (what === 'param') return settingValue(kind, name, value);
  return what === 'wire' ? String(value) : kindTitle(String(value));
}

function names(a: string, b: string): string {
  return a === b ? visibleName(a) : `${visibleName(a)} | ${visibleName(b)}`;
}
