import { confusedPairs, confusionRows } from '#core/evaluation/confusion.ts';
import type { Estimate } from '#core/evaluation/estimate.ts';
import type { NamedJudgement } from '#core/evaluation/evaluationTables.ts';
import type { ClassFigures } from '#core/evaluation/figures.ts';
import { firstImages } from '#core/evaluation/imageOrders.ts';
import { columnsOfText, fittedTable, shortened, shortenedPath, TERMINAL_COLUMNS } from './fitted.ts';

/** With more classes, only the worst ones are listed. */
const MOST_CLASSES = 40;
const WORST_CLASSES = 20;
const MOST_PAIRS = 15;
const MOST_WRONG = 5;
const NAME_COLUMNS = 16;

/** The figures of an evaluation as lines for people, none wider than 80 columns. */
export function evaluationLines(judged: NamedJudgement): string[] {
  return [
    imagesLines(judged),
    figuresLines(judged),
    classLines(judged),
    confusionLines(judged),
    wrongLines(judged),
  ].flatMap((part) => (part.length === 0 ? [] : ['', ...part]));
}

function imagesLines({ record: { images, classNames }, figures }: NamedJudgement): string[] {
  const what = {
    train: 'training part of the run',
    validation: 'validation part of the run',
    folder: 'folder',
  }[images.source];
  const part = images.part === null ? '' : `, ${images.part} part`;
  const named = (names: readonly string[]): string => {
    const shown = names.slice(0, 5).map((name) => `“${name}”`);
    return shown.concat(names.length > 5 ? [`and ${names.length - 5} more`] : []).join(', ');
  };
  const left = images.extra.reduce((sum, each) => sum + each.images, 0);
  const lines = [
    `${what}${part}: ${figures.images} images, ${classNames.length} classes`,
    ...(images.missing.length === 0 ? [] : [`classes without an image: ${named(images.missing)}`]),
    ...(images.extra.length === 0
      ? []
      : [
          `left out, ${left} images of classes that the network does not have: ${named(images.extra.map(({ name }) => name))}`,
        ]),
    ...(figures.notFinite === 0 ? [] : [`${figures.notFinite} images have outputs that are not finite`]),
  ];
  return lines.map((line) => shortened(line, TERMINAL_COLUMNS));
}

function figuresLines({ figures, record }: NamedJudgement): string[] {
  const { calibration, macro, weighted } = figures;
  const temperature = calibration?.temperature ?? null;
  const plain = (name: string, value: number | null | undefined): string[][] =>
    value === null || value === undefined ? [] : [[name, value.toFixed(4), '', '']];
  const topK = figures.topK.filter(({ k }) => k > 1 && k < record.classNames.length);
  const rows = [
    ...estimateRow('accuracy', figures.accuracy),
    ...topK.flatMap(({ k, accuracy }) => estimateRow(`top-${k} accuracy`, accuracy)),
    ...estimateRow('balanced accuracy', figures.balancedAccuracy),
    ...estimateRow('macro precision', macro.precision),
    ...estimateRow('macro recall', macro.recall),
    ...estimateRow('macro F1', macro.f1),
    ...estimateRow('weighted F1', weighted.f1),
    ...estimateRow('ROC AUC', figures.rocAuc),
    ...estimateRow('log loss', figures.logLoss),
    ...estimateRow('expected calibration error', calibration?.expectedError ?? null),
    ...plain('maximum calibration error', calibration?.maximumError),
    ...plain('temperature', temperature?.value),
    ...plain('expected error at it', temperature?.expectedError),
  ];
  return fittedTable(['figure', 'value', '95 % interval', 'method'], rows).split('\n');
}

const METHODS = { wilson: 'Wilson', bootstrap: 'bootstrap', delong: 'DeLong' } as const;

function estimateRow(name: string, estimate: Estimate | null): string[][] {
  if (estimate === null) return [];
  const { value, interval, method } = estimate;
  const bounds =
    interval === null ? 'not defined' : `${interval.low.toFixed(4)} … ${interval.high.toFixed(4)}`;
  return [[name, value.toFixed(4), bounds, METHODS[method]]];
}

function classLines({ figures: { perClass } }: NamedJudgement): string[] {
  const isLong = perClass.length > MOST_CLASSES;
  const worst = [...perClass]
    .filter(({ f1 }) => f1 !== null)
    .sort((a, b) => (a.f1?.value ?? 0) - (b.f1?.value ?? 0));
  const shown = isLong ? worst.slice(0, WORST_CLASSES) : perClass;
  const table = fittedTable(
    ['class', 'images', 'correct', 'precision', 'recall', 'F1', 'interval of F1'],
    shown.map((each) => classRow(each)),
  ).split('\n');
  return isLong ? [`the ${shown.length} classes with the lowest F1, of ${perClass.length}`, ...table] : table;
}

function classRow({ class: name, support, correct, precision, recall, f1 }: ClassFigures): string[] {
  const value = (estimate: Estimate | null): string => estimate?.value.toFixed(4) ?? '-';
  const interval = f1?.interval ?? null;
  const bounds = interval === null ? '-' : `${interval.low.toFixed(3)} … ${interval.high.toFixed(3)}`;
  return [name, String(support), String(correct), value(precision), value(recall), value(f1), bounds];
}

/** The matrix where it fits the terminal, else the most confused pairs. */
function confusionLines(judged: NamedJudgement): string[] {
  const { classes, counts } = judged.confusion;
  const most = counts.reduce((high, count) => Math.max(high, count), classes);
  const cell = String(most).length + 1;
  const head = Math.min(
    NAME_COLUMNS,
    Math.max(...judged.record.classNames.map((name) => columnsOfText(shortened(name, NAME_COLUMNS)))),
  );
  const numberWidth = String(classes).length;
  if (numberWidth + 1 + head + classes * cell > TERMINAL_COLUMNS) return pairLines(judged);
  const rows = confusionRows(judged.confusion);
  const line = (number: string, name: string, cells: readonly (string | number)[]): string => {
    const padded = name + ' '.repeat(Math.max(0, head - columnsOfText(name)));
    return `${number.padStart(numberWidth)} ${padded}${cells.map((each) => String(each).padStart(cell)).join('')}`;
  };
  return [
    'confusion: row true class, column class given',
    line(
      '',
      '',
      [...rows.keys()].map((k) => k + 1),
    ),
    ...rows.map((row, k) => line(String(k + 1), shortened(judged.record.classNames[k] ?? '', head), row)),
  ];
}

function pairLines({ confusion, figures, record }: NamedJudgement): string[] {
  const pairs = confusedPairs(confusion);
  if (pairs.length === 0) return [];
  const nameOf = (k: number): string => shortened(record.classNames[k] ?? '', 24);
  const rows = pairs.slice(0, MOST_PAIRS).map(({ from, to, images }) => {
    const share = images / (figures.perClass[from]?.support ?? NaN);
    return [nameOf(from), nameOf(to), String(images), `${(100 * share).toFixed(1)} %`];
  });
  const title = `the most confused pairs, ${rows.length} of ${pairs.length}`;
  return [title, ...fittedTable(['true class', 'class given', 'images', 'of its class'], rows).split('\n')];
}

function wrongLines({ scores, files, record }: NamedJudgement): string[] {
  const images = firstImages(scores, 'wrong', MOST_WRONG);
  if (images.length === 0) return [];
  const nameOf = (k: number | undefined): string => shortened(record.classNames[k ?? -1] ?? '', NAME_COLUMNS);
  const rows = [...images].map((image) => [
    shortenedPath(files[image] ?? '', 36),
    ...[nameOf(scores.labels[image]), nameOf(scores.decided[image])],
    `${(100 * (scores.confidence[image] ?? NaN)).toFixed(1)} %`,
  ]);
  return fittedTable(['most wrong images', 'true class', 'class given', 'probability'], rows).split('\n');
}
