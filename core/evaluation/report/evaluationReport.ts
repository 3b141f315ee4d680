import { inLanguage, type Language } from '../../words/catalogues.ts';
import { message, type Message } from '../../words/message.ts';
import { BOOTSTRAP_SEED, REPLICATES } from '../bootstrap.ts';
import { CALIBRATION_BINS } from '../calibration.ts';
import type { Doubts } from '../doubtRows.ts';
import type { NamedJudgement } from '../evaluationTables.ts';
import { firstImages, IMAGE_ORDERS, type ImageOrder } from '../imageOrders.ts';
import { calibrationDiagram } from './calibrationDiagram.ts';
import { confusionDiagram, MOST_MATRIX_CLASSES } from './confusionDiagram.ts';
import { doubtSections } from './doubtSections.ts';
import { element, text, together, type Markup } from './html.ts';
import { headLines, tiles } from './reportHead.ts';
import { longSection, reportPage, section, sideBySide } from './reportPage.ts';
import { classesTable, figuresTable, pairsTable } from './reportTables.ts';

/** Images of each list in the report. */
const MOST_IMAGES = { wrong: 18, unsure: 12, sure: 6 } as const satisfies Record<ImageOrder, number>;

/** The numbers of all images that the report shows. */
export function reportedImages({ scores }: NamedJudgement): Uint32Array {
  const shown = IMAGE_ORDERS.flatMap((order) => [...firstImages(scores, order, MOST_IMAGES[order])]);
  return Uint32Array.from(new Set(shown));
}

export interface ReportOptions {
  /** Labels, copies and forgetting, where they were asked for. */
  readonly doubts?: Doubts;
  readonly language: Language;
  /** The images of `reportedImages` as `data:` addresses; an image without one could not be read. */
  readonly thumbnails: ReadonlyMap<number, string>;
}

/**
 * The report of an evaluation as one HTML file that refers to nothing outside itself and runs no script. Names in it
 * are escaped, and the policy in its head forbids everything but its own styles and images.
 */
export function evaluationReport(judged: NamedJudgement, options: ReportOptions): string {
  const { language } = options;
  const say = (said: Message): string => inLanguage(said, language);
  const title = say(message('report.title', { run: judged.record.model.run }));
  const { version, time } = { version: judged.record.normlabVersion, time: judged.record.createdAt };
  const main = element(
    'main',
    {},
    element('h1', {}, text(title)),
    ...headLines(judged, language),
    tiles(judged, language),
    sideBySide(
      section(say(message('report.figures')), figuresTable(judged, language)),
      calibrationSection(judged, say),
    ),
    confusionSection(judged, language, say),
    ...IMAGE_ORDERS.map((order) => imagesSection(judged, order, options, say)),
    ...(options.doubts === undefined ? [] : [doubtSections(options.doubts, language)]),
    longSection(say(message('report.classes')), classesTable(judged, language)),
    methodsSection(say),
    element('footer', {}, text(say(message('report.madeBy', { version, time })))),
  );
  return reportPage(title, language, main);
}

const NOTHING = together([]);

type Say = (said: Message) => string;

function calibrationSection({ figures: { calibration } }: NamedJudgement, say: Say): Markup {
  if (calibration === null) return NOTHING;
  const title = say(message('report.calibration'));
  const words = {
    ...{ title, accuracy: say(message('report.accuracy')), share: say(message('report.share')) },
    confidence: say(message('report.confidence')),
  };
  const explained = element('p', { class: 'dim' }, text(say(message('report.calibrationText'))));
  return section(title, explained, calibrationDiagram(calibration.bins, words));
}

function confusionSection(judged: NamedJudgement, language: Language, say: Say): Markup {
  const { confusion, record } = judged;
  const isShown = confusion.classes <= MOST_MATRIX_CLASSES;
  const title = say(message('report.confusion'));
  const cellTitle = (from: string, to: string, images: number, share: number): string =>
    say(message('report.cell', { from, to, images, share: `${(100 * share).toFixed(1)} %` }));
  const explained = say(message(isShown ? 'report.confusionText' : 'report.tooMany'));
  const matrix = isShown
    ? element(
        'div',
        { class: 'scroll' },
        confusionDiagram(confusion, record.classNames, { title, cellTitle }),
      )
    : NOTHING;
  const pairs = pairsTable(judged, language);
  return sideBySide(
    section(title, element('p', { class: 'dim' }, text(explained)), matrix),
    pairs === null ? NOTHING : section(say(message('report.pairs')), pairs),
  );
}

function imagesSection(
  { scores, files, record }: NamedJudgement,
  order: ImageOrder,
  { thumbnails }: ReportOptions,
  say: Say,
): Markup {
  const images = firstImages(scores, order, MOST_IMAGES[order]);
  if (images.length === 0) return NOTHING;
  const nameOf = (k: number | undefined): string => record.classNames[k ?? -1] ?? '';
  const figures = [...images].map((image) => {
    const source = thumbnails.get(image);
    const file = files[image] ?? '';
    const [label, given] = [nameOf(scores.labels[image]), nameOf(scores.decided[image])];
    const sure = `${(100 * (scores.confidence[image] ?? NaN)).toFixed(1)}\u00a0%`;
    const picture =
      source === undefined
        ? text(say(message('report.noImage')))
        : element('img', { src: source, alt: file });
    return element(
      'figure',
      {},
      element('div', { class: 'picture' }, picture),
      element(
        'figcaption',
        {},
        text(`${label === given ? label : `${label} → ${given}`}, ${sure}`),
        element('span', {}, text(file)),
      ),
    );
  });
  return section(say(message(`report.${order}`)), element('div', { class: 'images' }, ...figures));
}

function methodsSection(say: Say): Markup {
  const said = message('report.methodsText', {
    ...{ replicates: REPLICATES, seed: BOOTSTRAP_SEED, bins: CALIBRATION_BINS },
  });
  return section(say(message('report.methods')), element('p', { class: 'dim' }, text(say(said))));
}
