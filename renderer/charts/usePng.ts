import { useI18n } from 'vue-i18n';
import { toFileName } from '../files/fileNames.ts';
import { chartPng, PLOT_WIDTH, SHEET_RATIO, type LegendEntry } from './chartPng.ts';
import { useChartViewStore } from './chartViewStore.ts';
import { download } from '../files/download.ts';
import type { Picture } from './lineChart.ts';
import { ROLES, type Curves } from './lines.ts';

/** Saves a chart as a PNG: `imageOf` returns what the screen shows of it. */
export function usePng(
  curves: Curves,
  imageOf: (columns: number, element: Element) => Picture,
): { save(element: Element): Promise<void> } {
  const view = useChartViewStore();
  const { t, locale } = useI18n();

  function subtitleOf(): string {
    const parts = [];
    if (curves.runs.length > 1)
      parts.push(t('training.charts.runCount', { count: curves.runs.length }, curves.runs.length));
    if (view.weight > 0 && curves.metric !== 'lr')
      parts.push(t('training.charts.smoothedBy', { weight: view.weight }));
    if (view.isLog(curves.metric)) parts.push(t('training.charts.logHelp'));
    return parts.join(' · ');
  }

  /**
   * One run: an entry for each kind of line, in its colour. Several: an entry for each run, and the styles of the
   * kinds.
   */
  function legendOf({ lines }: Picture): LegendEntry[] {
    const [only] = curves.runs;
    const kinds = ROLES.filter((role) => lines.some((line) => line.role === role));
    const kindsIn = (color: string): LegendEntry[] =>
      kinds.map((role) => ({ role, color, words: t(`training.charts.roles.${role}`) }));
    if (curves.runs.length === 1 && only !== undefined) return kindsIn(only.color);
    const runs = curves.runs.map(({ name, color }): LegendEntry => ({ role: 'main', color, words: name }));
    return [...runs, ...(kinds.length > 1 ? kindsIn('--dim') : [])];
  }

  async function save(element: Element): Promise<void> {
    const picture = imageOf(PLOT_WIDTH * SHEET_RATIO, element);
    const name = curves.runs.length === 1 ? (curves.runs[0]?.name ?? '') : '';
    const title = t(`training.charts.${curves.metric}`);
    const titles = {
      x: t(`training.charts.axisTitles.${view.axis}`),
      y: t(`training.charts.units.${curves.metric}`),
    };
    const png = await chartPng({
      title: name === '' ? title : t('training.charts.ofRun', { run: name, words: title }),
      subtitle: subtitleOf(),
      legend: legendOf(picture),
      picture: { ...picture, titles },
    });
    if (png === null) return;
    const of =
      name === '' ? t('training.charts.runCount', { count: curves.runs.length }, curves.runs.length) : name;
    download(`${toFileName(`${of} ${title.toLocaleLowerCase(locale.value)}`)}.png`, png);
  }
  return { save };
}
