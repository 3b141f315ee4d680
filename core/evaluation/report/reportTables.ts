import type { Language } from '../../words/catalogues.ts';
import { inLanguage } from '../../words/catalogues.ts';
import { message, type Message } from '../../words/message.ts';
import { confusedPairs } from '../confusion.ts';
import type { Estimate } from '../estimate.ts';
import type { NamedJudgement } from '../evaluationTables.ts';
import { htmlTable, numberCell, wordCell, type Cell, type Markup } from './html.ts';

const MOST_PAIRS = 15;

/** All figures of the whole, each with its interval and the method of it. */
export function figuresTable({ figures, record }: NamedJudgement, language: Language): Markup {
  const { calibration, macro, weighted } = figures;
  const { temperature = null } = calibration ?? {};
  const row = (name: Message, estimate: Estimate | null): Cell[][] =>
    estimate === null ? [] : [estimateRow(name, estimate, language)];
  const plain = (name: Message, value: number | undefined): Cell[][] =>
    value === undefined
      ? []
      : [[wordCell(inLanguage(name, language)), numberCell(value.toFixed(4)), numberCell(''), wordCell('')]];
  const topK = figures.topK.filter(({ k }) => k > 1 && k < record.classNames.length);
  return htmlTable(headerOf(['figure', 'value', 'interval', 'method'], language), [
    ...row(message('report.accuracy'), figures.accuracy),
    ...topK.flatMap(({ k, accuracy }) => row(message('report.topK', { k }), accuracy)),
    ...row(message('report.balanced'), figures.balancedAccuracy),
    ...row(message('report.macroPrecision'), macro.precision),
    ...row(message('report.macroRecall'), macro.recall),
    ...row(message('report.macroF1'), macro.f1),
    ...row(message('report.weightedF1'), weighted.f1),
    ...row(message('report.rocAuc'), figures.rocAuc),
    ...row(message('report.logLoss'), figures.logLoss),
    ...row(message('report.expectedError'), calibration?.expectedError ?? null),
    ...plain(message('report.maximumError'), calibration?.maximumError),
    ...plain(message('report.temperature'), temperature?.value),
    ...plain(message('report.errorAtTemperature'), temperature?.expectedError),
  ]);
}

function estimateRow(name: Message, { value, interval, method }: Estimate, language: Language): Cell[] {
  const bounds = interval === null ? '–' : `${interval.low.toFixed(4)} … ${interval.high.toFixed(4)}`;
  return [
    ...[wordCell(inLanguage(name, language)), numberCell(value.toFixed(4)), numberCell(bounds)],
    wordCell(inLanguage(message(`report.${method}`), language)),
  ];
}

export function classesTable({ figures }: NamedJudgement, language: Language): Markup {
  const value = (estimate: Estimate | null): Cell => numberCell(estimate?.value.toFixed(4) ?? '–');
  const header = ['class', 'support', 'correct', 'precision', 'recall', 'f1', 'f1Interval'] as const;
  return htmlTable(
    headerOf(header, language),
    figures.perClass.map(({ class: name, support, correct, precision, recall, f1 }) => {
      const interval = f1?.interval ?? null;
      const bounds = interval === null ? '–' : `${interval.low.toFixed(3)} … ${interval.high.toFixed(3)}`;
      const counts = [numberCell(String(support)), numberCell(String(correct))];
      return [wordCell(name), ...counts, value(precision), value(recall), value(f1), numberCell(bounds)];
    }),
  );
}

/** The pairs that are confused most; null where no image is wrong. */
export function pairsTable(
  { confusion, figures, record }: NamedJudgement,
  language: Language,
): Markup | null {
  const pairs = confusedPairs(confusion).slice(0, MOST_PAIRS);
  if (pairs.length === 0) return null;
  return htmlTable(
    headerOf(['trueClass', 'givenClass', 'count', 'ofClass'], language),
    pairs.map(({ from, to, images }) => [
      ...[wordCell(record.classNames[from] ?? ''), wordCell(record.classNames[to] ?? '')],
      numberCell(String(images)),
      numberCell(`${((100 * images) / (figures.perClass[from]?.support ?? NaN)).toFixed(1)} %`),
    ]),
  );
}

type HeaderKey =
  | ('figure' | 'value' | 'interval' | 'method')
  | ('class' | 'support' | 'correct' | 'precision' | 'recall' | 'f1' | 'f1Interval')
  | ('trueClass' | 'givenClass' | 'count' | 'ofClass');

function headerOf(keys: readonly HeaderKey[], language: Language): string[] {
  return keys.map((key) => inLanguage(message(`report.${key}`), language));
}
