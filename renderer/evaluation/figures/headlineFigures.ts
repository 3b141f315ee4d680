import type { Estimate } from '#core/evaluation/estimate.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { message, type Message } from '#core/words/message.ts';
import type { FigureKind } from './figureWords.ts';

/** A figure of all images. */
export interface HeadlineFigure {
  /** Unique among the figures, as in the column `figure` of `figures.csv`. */
  readonly key: string;
  readonly label: Message;
  readonly kind: FigureKind;
  readonly estimate: Estimate;
}

/** The figures that are defined, in the order of importance; the means over classes are not among them. */
export function headlineFigures({ figures, classNames }: EvaluationRecord): readonly HeadlineFigure[] {
  const share = (key: string, label: Message, estimate: Estimate | null): HeadlineFigure[] =>
    estimate === null ? [] : [{ key, label, kind: 'share', estimate }];
  const number = (key: string, label: Message, estimate: Estimate | null): HeadlineFigure[] =>
    estimate === null ? [] : [{ key, label, kind: 'number', estimate }];
  const topK = figures.topK.filter(({ k }) => k > 1 && k < classNames.length);
  return [
    ...share('accuracy', message('report.accuracy'), figures.accuracy),
    ...topK.flatMap(({ k, accuracy }) => share(`top_${k}_accuracy`, message('report.topK', { k }), accuracy)),
    ...share('balanced_accuracy', message('report.balanced'), figures.balancedAccuracy),
    ...number('roc_auc', message('report.rocAuc'), figures.rocAuc),
    ...number('log_loss', message('report.logLoss'), figures.logLoss),
  ];
}

/** The two means over classes, each with the figures of its row; null where one is not defined. */
export function classMeans({ figures }: EvaluationRecord) {
  return (['macro', 'weighted'] as const).map((key) => ({
    key,
    rates: (['precision', 'recall', 'f1'] as const).map((rate) => ({ rate, estimate: figures[key][rate] })),
  }));
}
