import type { Estimate } from '#core/evaluation/estimate.ts';
import type { PairedEstimate } from '#core/evaluation/pairedInterval.ts';
import { message } from '#core/words/message.ts';
import { inWords } from '../../messages/inWords.ts';
import { figureText, type FigureKind } from '../figures/figureWords.ts';

/** `+1.2 %` or `−0.034`: a difference with its sign; `0` without one. */
export function differenceText(value: number | null | undefined, kind: FigureKind): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = kind === 'share' ? `${Math.abs(100 * value).toFixed(1)} %` : Math.abs(value).toFixed(3);
  if (Number.parseFloat(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** Both bounds of the interval of a difference, or of a figure; null where there is none. */
export function boundsText(
  found: Estimate | PairedEstimate | null,
  kind: FigureKind,
  isDifference: boolean,
): string | null {
  const interval = found?.interval ?? null;
  if (interval === null) return null;
  const text = isDifference ? differenceText : figureText;
  return `${text(interval.low, kind)} … ${text(interval.high, kind)}`;
}

/** The name of the method of an interval. */
export function methodName({ method }: Estimate | PairedEstimate): string {
  return inWords(method === 'delong' ? message('report.delong') : message(`pairs.${method}`));
}
