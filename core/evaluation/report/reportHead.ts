import { inLanguage, type Language } from '../../words/catalogues.ts';
import { message, type Message } from '../../words/message.ts';
import type { Estimate } from '../estimate.ts';
import type { NamedJudgement } from '../evaluationTables.ts';
import { element, text, type Markup } from './html.ts';

const MOST_NAMES = 12;

/** Lines below the title: which images, which network, what was left out. */
export function headLines({ record, figures }: NamedJudgement, language: Language): Markup[] {
  const { images, model, compute } = record;
  const parts = [
    message(model.checkpoint === 'best' ? 'report.best' : 'report.last', { epoch: model.epoch }),
    message(model.weights === 'ema' ? 'report.averaged' : 'report.raw'),
    message(model.statistics === 'exact' ? 'report.exact' : 'report.moving'),
  ];
  const { backend, precision, threads, batch } = compute;
  const speed = Math.round(compute.imagesPerSecond);
  const left = images.extra.reduce((sum, each) => sum + each.images, 0);
  const lines: readonly (Message | readonly Message[])[] = [
    message('report.source', { images: figures.images, where: whereOf(record), folder: images.folder }),
    parts,
    message('report.computed', { backend, precision, threads, batch, speed }),
    ...(images.missing.length > 0 ? [message('report.missing', { names: named(images.missing) })] : []),
    ...(left > 0
      ? [message('report.extra', { images: left, names: named(images.extra.map(({ name }) => name)) })]
      : []),
    ...(images.skipped > 0 ? [message('report.skipped', { count: images.skipped })] : []),
    ...(figures.notFinite > 0 ? [message('report.notFinite', { count: figures.notFinite })] : []),
  ];
  return lines.map((said) => element('p', { class: 'dim' }, text(inLanguage(said, language))));
}

function whereOf({ images: { source, part } }: NamedJudgement['record']): Message {
  if (source !== 'folder') return message(source === 'train' ? 'report.trainPart' : 'report.validationPart');
  if (part === null) return message('report.folder');
  const side = message(part === 'train' ? 'report.trainSide' : 'report.validationSide');
  return message('report.folderPart', { part: side });
}

function named(names: readonly string[]): readonly (string | Message)[] {
  const shown = names.slice(0, MOST_NAMES).map((name) => `“${name}”`);
  const more = names.length - MOST_NAMES;
  return more > 0 ? [...shown, message('report.more', { count: more })] : shown;
}

/** The four figures that are read first. */
export function tiles({ figures }: NamedJudgement, language: Language): Markup {
  const shown: readonly (readonly [Message, Estimate | null, boolean])[] = [
    [message('report.accuracy'), figures.accuracy, true],
    [message('report.macroF1'), figures.macro.f1, false],
    [message('report.logLoss'), figures.logLoss, false],
    [message('report.expectedError'), figures.calibration?.expectedError ?? null, false],
  ];
  const tile = ([name, estimate, isShare]: (typeof shown)[number]): Markup[] => {
    if (estimate === null) return [];
    const number = (value: number): string => (isShare ? `${(100 * value).toFixed(1)} %` : value.toFixed(3));
    const { interval } = estimate;
    const bounds = interval === null ? '' : `${number(interval.low)} … ${number(interval.high)}`;
    const title = element('span', {}, text(inLanguage(name, language)));
    const value = element('b', {}, text(number(estimate.value)));
    return [element('div', { class: 'tile' }, title, value, element('span', {}, text(bounds)))];
  };
  return element('div', { class: 'tiles' }, ...shown.flatMap(tile));
}
