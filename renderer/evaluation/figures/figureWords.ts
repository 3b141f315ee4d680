import type { Estimate } from '#core/evaluation/estimate.ts';
import { message } from '#core/words/message.ts';
import { inWords } from '../../messages/inWords.ts';
import { translate } from '../../messages/i18n.ts';
import { formatPercent } from '../../text/formatPercent.ts';

/** How the number of a figure is written: as a share of 1 in percent, or as it is. */
export type FigureKind = 'share' | 'number';

/** `91.2 %` of a share, and `100 %` only where all are; three decimals of another number; a dash for none. */
export function figureText(value: number | null | undefined, kind: FigureKind): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return kind === 'number' ? value.toFixed(3) : formatPercent(value);
}

/** `90.1 – 92.3 %`: the bounds of the interval; null where there is none. */
export function intervalText({ interval }: Estimate, kind: FigureKind): string | null {
  if (interval === null) return null;
  const [low, high] = [figureText(interval.low, kind), figureText(interval.high, kind)];
  return `${kind === 'share' ? low.replace(' %', '') : low} – ${high}`;
}

/** The name of the method of an interval. */
export function methodText({ method }: Estimate): string {
  return inWords(message(`report.${method}`));
}

/** What the interval of a figure says, in a sentence. */
export function intervalHelp(estimate: Estimate, kind: FigureKind): string {
  const bounds = intervalText(estimate, kind);
  if (bounds === null) return translate('evaluation.figures.noInterval');
  return translate(`evaluation.figures.${estimate.method}Help`, { bounds });
}
