import type { Estimate } from '#core/evaluation/estimate.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { message } from '#core/words/message.ts';
import { inWords } from '../../messages/inWords.ts';
import { translate } from '../../messages/i18n.ts';
import { evaluationNotes, imagesWords, networkWords } from './evaluationNotes.ts';
import { figureText, intervalText, methodText, type FigureKind } from './figureWords.ts';
import { classMeans, headlineFigures } from './headlineFigures.ts';

/** The figures of an evaluation as text, its cells separated by tabs, as spreadsheets read them. */
export function figuresText(record: EvaluationRecord): string {
  const { calibration, images } = record.figures;
  const head = [
    inWords(message('report.title', { run: record.model.run })),
    networkWords(record).map(inWords).join(' · '),
    inWords(message('report.source', { images, where: imagesWords(record), folder: record.images.folder })),
    ...evaluationNotes(record).map(inWords),
  ];
  const means = classMeans(record).flatMap(({ key, rates }) =>
    rates.flatMap(({ rate, estimate }) => {
      const name = `${translate(`evaluation.figures.${key}`)}, ${inWords(message(`report.${rate}`))}`;
      return estimate === null ? [] : [estimateLine(name, estimate, 'share')];
    }),
  );
  const lines = [
    ...headlineFigures(record).map(({ label, kind, estimate }) =>
      estimateLine(inWords(label), estimate, kind),
    ),
    ...means,
    ...(calibration === null
      ? []
      : [estimateLine(inWords(message('report.expectedError')), calibration.expectedError, 'number')]),
    plainLine(inWords(message('report.maximumError')), calibration?.maximumError),
    plainLine(inWords(message('report.temperature')), calibration?.temperature?.value),
  ];
  return [...head, '', ...lines.filter((line) => line !== null)].join('\n');
}

function estimateLine(name: string, estimate: Estimate, kind: FigureKind): string {
  const bounds = intervalText(estimate, kind);
  const interval = bounds === null ? [] : [bounds, methodText(estimate)];
  return [name, figureText(estimate.value, kind), ...interval].join('\t');
}

function plainLine(name: string, value: number | undefined): string | null {
  return value === undefined ? null : `${name}\t${figureText(value, 'number')}`;
}
