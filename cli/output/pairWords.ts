import { differingImages, PAIR_LISTS, type PairList } from '#core/evaluation/pairLists.ts';
import type { Estimate } from '#core/evaluation/estimate.ts';
import type { PairedEstimate } from '#core/evaluation/pairedInterval.ts';
import type { PairedClass } from '#core/evaluation/pairFigures.ts';
import type { NamedPair } from '#core/evaluation/pairTables.ts';
import { networkFacts, pairHeadline } from '#core/evaluation/pairWords.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { fittedTable, shortened, shortenedPath, wrapped } from './fitted.ts';

/** With more classes, only those with the largest differences are listed. */
const MOST_CLASSES = 40;
const LISTED_CLASSES = 20;
const MOST_IMAGES = 5;
const NAME_COLUMNS = 14;

/** A comparison of two networks as lines for people, none wider than 80 columns. */
export function pairLines(pair: NamedPair): string[] {
  return [
    headLines(pair),
    figuresLines(pair),
    rightLines(pair),
    classLines(pair),
    ...PAIR_LISTS.map((list) => imageLines(pair, list)),
  ].flatMap((part, at) => (part.length === 0 ? [] : at === 0 ? part : ['', ...part]));
}

function headLines({ record, figures }: NamedPair): string[] {
  const { images, onlyInFirst, onlyInSecond, relabelled, notFinite } = figures;
  const left = { first: onlyInFirst, second: onlyInSecond };
  return [
    ...wrapped(inEnglish(pairHeadline(figures))),
    '',
    ...wrapped(`A: ${inEnglish(networkFacts(record.first))}`),
    ...wrapped(`B: ${inEnglish(networkFacts(record.second))}`),
    inEnglish(message('pairs.images', { images })),
    ...(onlyInFirst + onlyInSecond > 0 ? wrapped(inEnglish(message('pairs.onlyOne', left))) : []),
    ...(relabelled > 0 ? wrapped(inEnglish(message('pairs.relabelled', { count: relabelled }))) : []),
    ...(notFinite > 0 ? wrapped(inEnglish(message('pairs.notFinite', { count: notFinite }))) : []),
  ];
}

const METHODS = { wilson: 'Wilson', bootstrap: 'paired bootstrap', newcombe: 'Newcombe', delong: 'DeLong' };

function figuresLines({ figures }: NamedPair): string[] {
  const { first, second, agreement, kappa, probabilityGap } = figures;
  const number = (found: { readonly value: number } | null): string => found?.value.toFixed(4) ?? '-';
  const row = (
    name: string,
    [one, other]: readonly [Estimate | null, Estimate | null],
    found: PairedEstimate | null,
  ): string[] => [name, number(one), number(other), number(found), ...intervalOf(found)];
  const single = (name: string, found: Estimate | PairedEstimate | null): string[] => [
    ...[name, number(found), ...intervalOf(found)],
  ];
  const plain = (name: string, value: number | undefined): string[][] =>
    value === undefined ? [] : [[name, value === 0 ? '0' : value.toPrecision(3), '', '']];
  return [
    fittedTable(
      ['figure', 'A', 'B', 'B - A', '95 % interval', 'method'],
      [
        row('accuracy', [first.accuracy, second.accuracy], figures.accuracyDifference),
        row('log loss', [first.logLoss, second.logLoss], figures.logLossDifference),
      ],
    ),
    '',
    fittedTable(
      ['figure', 'value', '95 % interval', 'method'],
      [
        single('same class', agreement),
        single("Cohen's kappa", kappa),
        ...plain('mean |difference| of a probability', probabilityGap?.mean),
        ...plain('largest |difference| of one', probabilityGap?.largest),
      ],
    ),
  ].flatMap((part) => part.split('\n'));
}

function intervalOf(found: Estimate | PairedEstimate | null): [string, string] {
  if (found === null) return ['-', ''];
  const { interval, method } = found;
  const bounds = interval === null ? '-' : `${interval.low.toFixed(4)} … ${interval.high.toFixed(4)}`;
  return [bounds, METHODS[method]];
}

function rightLines({ figures: { right } }: NamedPair): string[] {
  const rows = [
    ['A right', String(right.both), String(right.onlyFirst)],
    ['A wrong', String(right.onlySecond), String(right.neither)],
  ];
  return fittedTable(['images', 'B right', 'B wrong'], rows).split('\n');
}

function classLines({ figures: { perClass } }: NamedPair): string[] {
  const isLong = perClass.length > MOST_CLASSES;
  const size = ({ difference }: PairedClass): number => Math.abs(difference?.value ?? 0);
  const shown = isLong ? [...perClass].sort((a, b) => size(b) - size(a)).slice(0, LISTED_CLASSES) : perClass;
  const value = (found: { readonly value: number } | null): string => found?.value.toFixed(4) ?? '-';
  const table = fittedTable(
    ['recall of class', 'images', 'A', 'B', 'B - A', '95 % interval'],
    shown.map(({ class: name, support, first, second, difference }) => [
      ...[name, String(support), value(first), value(second), value(difference)],
      intervalOf(difference)[0],
    ]),
  ).split('\n');
  return isLong ? [`the ${shown.length} classes that differ most, of ${perClass.length}`, ...table] : table;
}

const TITLES: Readonly<Record<PairList, string>> = {
  onlySecond: 'only B is right',
  onlyFirst: 'only A is right',
  bothWrong: 'both are wrong, differently',
};

function imageLines({ scores, files, record }: NamedPair, list: PairList): string[] {
  const images = differingImages(scores, list);
  if (images.length === 0) return [];
  const nameOf = (k: number | undefined): string => shortened(record.classNames[k ?? -1] ?? '', NAME_COLUMNS);
  const share = (value: number | undefined): string => `${Math.round(100 * (value ?? NaN))} %`;
  const rows = [...images.subarray(0, MOST_IMAGES)].map((image) => [
    ...[shortenedPath(files[image] ?? '', 24), nameOf(scores.labels[image])],
    ...[scores.first, scores.second].map(
      ({ decided, confidence }) => `${shortened(nameOf(decided[image]), 11)} ${share(confidence[image])}`,
    ),
  ]);
  const title = `${TITLES[list]}: ${images.length}`;
  return fittedTable([title, 'true class', 'A', 'B'], rows).split('\n');
}
