import { formatCount } from '../text/formatNumber.ts';

type Translate = (key: string, values: Record<string, string>) => string;

/** `1,200 of 4,500 · 26 %` of a task; `1,200` while the total is unknown, empty before the first. */
export function progressFigure(
  { done, total }: { readonly done: number; readonly total: number },
  locale: string,
  t: Translate,
): string {
  const count = (value: number): string => formatCount(value, locale);
  if (total <= 0) return done > 0 ? count(done) : '';
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(
    Math.floor((Math.min(done, total) / total) * 100) / 100,
  );
  return t('training.run.progressShare', { done: count(done), total: count(total), percent });
}
