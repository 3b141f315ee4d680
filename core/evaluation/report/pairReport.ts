import { inLanguage, type Language } from '../../words/catalogues.ts';
import { message, type Message } from '../../words/message.ts';
import { BOOTSTRAP_SEED, REPLICATES } from '../bootstrap.ts';
import type { Estimate } from '../estimate.ts';
import type { PairedEstimate } from '../pairedInterval.ts';
import { differingImages, PAIR_LISTS, type PairList } from '../pairLists.ts';
import type { NamedPair } from '../pairTables.ts';
import { networkFacts, networkNames, pairHeadline } from '../pairWords.ts';
import { confusionDiagram, MOST_MATRIX_CLASSES } from './confusionDiagram.ts';
import { element, htmlTable, numberCell, text, together, wordCell, type Cell, type Markup } from './html.ts';
import { longSection, reportPage, section, sideBySide } from './reportPage.ts';

/** Images of each list in the report. */
const MOST_IMAGES = 12;
type Say = (said: Message | readonly Message[]) => string;

/** The numbers, among the common images, of all images that the report shows. */
export function pairReportImages({ scores }: NamedPair): Uint32Array {
  return Uint32Array.from(PAIR_LISTS.flatMap((list) => [...differingImages(scores, list, MOST_IMAGES)]));
}

interface PairReportOptions {
  readonly language: Language;
  /** The images of `pairReportImages` as `data:` addresses; an image without one could not be read. */
  readonly thumbnails: ReadonlyMap<number, string>;
  readonly version: string;
  readonly time: string;
}

/** The report of a comparison of two networks as one HTML file. Names in it are escaped. */
export function pairReport(pair: NamedPair, options: PairReportOptions): string {
  const { language, version, time } = options;
  const say: Say = (said) => inLanguage(said, language);
  const { first, second } = pair.record;
  const [one, other] = networkNames(first, second);
  const title = say(message('pairs.title', { first: one, second: other }));
  const facts = [first, second].map((side, at) => {
    const name = say(message(at === 0 ? 'pairs.first' : 'pairs.second'));
    return element('p', { class: 'dim' }, text(`${name}: ${say(networkFacts(side))}`));
  });
  const main = element(
    'main',
    {},
    element('h1', {}, text(title)),
    ...facts,
    ...imageLines(pair, say),
    element('p', { class: 'headline' }, text(say(pairHeadline(pair.figures)))),
    sideBySide(
      section(say(message('pairs.figures')), figuresTable(pair, say)),
      section(say(message('pairs.table')), rightTable(pair, say)),
    ),
    matrixSection(pair, say),
    ...PAIR_LISTS.map((list) => imagesSection(pair, list, options, say)),
    longSection(say(message('pairs.classes')), classesTable(pair, say)),
    methodsSection(say),
    element('footer', {}, text(say(message('report.madeBy', { version, time })))),
  );
  return reportPage(title, language, main);
}

function imageLines({ figures, record: { first } }: NamedPair, say: Say): Markup[] {
  const { images, onlyInFirst, onlyInSecond, relabelled, notFinite } = figures;
  const lines = [
    say(message('pairs.images', { images })),
    first.images.folder,
    ...(onlyInFirst + onlyInSecond > 0
      ? [say(message('pairs.onlyOne', { first: onlyInFirst, second: onlyInSecond }))]
      : []),
    ...(relabelled > 0 ? [say(message('pairs.relabelled', { count: relabelled }))] : []),
    ...(notFinite > 0 ? [say(message('pairs.notFinite', { count: notFinite }))] : []),
  ];
  return lines.map((line) => element('p', { class: 'dim' }, text(line)));
}

function figuresTable({ figures }: NamedPair, say: Say): Markup {
  const { first, second, probabilityGap } = figures;
  const number = (found: { readonly value: number } | null): Cell =>
    numberCell(found === null ? '–' : found.value.toFixed(4));
  const row = (
    name: Message,
    sides: readonly (Estimate | null)[],
    found: Estimate | PairedEstimate | null,
  ): Cell[] => [
    ...[wordCell(say(name)), ...(sides.length === 0 ? [numberCell(''), numberCell('')] : sides.map(number))],
    ...[number(found), numberCell(boundsOf(found))],
    wordCell(found === null ? '' : say(methodWords(found))),
  ];
  const plain = (name: Message, value: number): Cell[] => [
    ...[wordCell(say(name)), numberCell(''), numberCell('')],
    ...[numberCell(value.toPrecision(3)), numberCell(''), wordCell('')],
  ];
  const gaps =
    probabilityGap === null
      ? []
      : [
          plain(message('pairs.meanGap'), probabilityGap.mean),
          plain(message('pairs.largestGap'), probabilityGap.largest),
        ];
  const header = ['figure', 'first', 'second', 'difference', 'interval', 'method'] as const;
  return element(
    'div',
    { class: 'scroll' },
    htmlTable(
      header.map((key) => say(message(`pairs.${key}`))),
      [
        row(message('pairs.accuracy'), [first.accuracy, second.accuracy], figures.accuracyDifference),
        row(message('pairs.logLoss'), [first.logLoss, second.logLoss], figures.logLossDifference),
      ],
    ),
    htmlTable(
      (['figure', 'value', 'interval', 'method'] as const).map((key) => say(message(`pairs.${key}`))),
      [
        row(message('pairs.agreement'), [], figures.agreement),
        row(message('pairs.kappa'), [], figures.kappa),
        ...gaps,
      ].map(([name, , , ...others]) => [name ?? wordCell(''), ...others]),
    ),
  );
}

/** Both bounds of the interval, or a dash. */
function boundsOf(found: Estimate | PairedEstimate | null): string {
  const interval = found?.interval ?? null;
  return interval === null ? '–' : `${interval.low.toFixed(4)} … ${interval.high.toFixed(4)}`;
}

/** The name of the method of an interval. */
function methodWords({ method }: Estimate | PairedEstimate): Message {
  return method === 'delong' ? message('report.delong') : message(`pairs.${method}`);
}

function rightTable({ figures: { right } }: NamedPair, say: Say): Markup {
  const count = (value: number): Cell => numberCell(String(value));
  return htmlTable(
    ['', say(message('pairs.secondRight')), say(message('pairs.secondWrong'))],
    [
      [wordCell(say(message('pairs.firstRight'))), count(right.both), count(right.onlyFirst)],
      [wordCell(say(message('pairs.firstWrong'))), count(right.onlySecond), count(right.neither)],
    ],
  );
}

function matrixSection({ matrix, record }: NamedPair, say: Say): Markup {
  const title = say(message('pairs.matrix'));
  if (matrix.classes > MOST_MATRIX_CLASSES)
    return section(title, element('p', { class: 'dim' }, text(say(message('pairs.matrixTooLarge')))));
  const cellTitle = (from: string, to: string, images: number, share: number): string =>
    say(message('pairs.cell', { from, to, images, share: percent(share) }));
  const diagram = confusionDiagram(matrix, record.classNames, { title, cellTitle });
  return section(
    title,
    element('p', { class: 'dim' }, text(say(message('pairs.matrixText')))),
    element('div', { class: 'scroll' }, diagram),
  );
}

function imagesSection(pair: NamedPair, list: PairList, options: PairReportOptions, say: Say): Markup {
  const { scores, files, record } = pair;
  const images = [...differingImages(scores, list, MOST_IMAGES)];
  if (images.length === 0) return together([]);
  const nameOf = (k: number | undefined): string => record.classNames[k ?? -1] ?? '';
  const figures = images.map((image) => {
    const source = options.thumbnails.get(image);
    const file = files[image] ?? '';
    const { first, second } = scores;
    const answers = message('pairs.answers', {
      ...{ first: nameOf(first.decided[image]), firstShare: percent(first.confidence[image]) },
      ...{ second: nameOf(second.decided[image]), secondShare: percent(second.confidence[image]) },
    });
    const picture =
      source === undefined ? text(say(message('pairs.noImage'))) : element('img', { src: source, alt: file });
    return element(
      'figure',
      {},
      element('div', { class: 'picture' }, picture),
      element(
        'figcaption',
        {},
        element('b', {}, text(nameOf(scores.labels[image]))),
        element('div', {}, text(say(answers))),
        element('span', {}, text(file)),
      ),
    );
  });
  const title = `${say(message(`pairs.${list}`))} (${differingImages(scores, list).length})`;
  return section(title, element('div', { class: 'images' }, ...figures));
}

function percent(share: number | undefined): string {
  return `${(100 * (share ?? NaN)).toFixed(1)} %`;
}

function classesTable({ figures: { perClass } }: NamedPair, say: Say): Markup {
  const value = (found: { readonly value: number } | null): Cell =>
    numberCell(found?.value.toFixed(4) ?? '–');
  const header = ['class', 'support', 'first', 'second', 'difference', 'interval'] as const;
  return htmlTable(
    [
      ...header.map((key) => say(message(`pairs.${key}`))),
      ...[say(message('pairs.onlyFirst')), say(message('pairs.onlySecond'))],
    ],
    perClass.map(({ class: name, support, first, second, difference, onlyFirst, onlySecond }) => [
      ...[wordCell(name), numberCell(String(support)), value(first), value(second), value(difference)],
      ...[numberCell(boundsOf(difference)), numberCell(String(onlyFirst)), numberCell(String(onlySecond))],
    ]),
  );
}

function methodsSection(say: Say): Markup {
  const said = message('pairs.methodsText', { replicates: REPLICATES, seed: BOOTSTRAP_SEED });
  return section(say(message('pairs.methods')), element('p', { class: 'dim' }, text(say(said))));
}
