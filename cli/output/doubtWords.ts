import type { Doubts } from '#core/evaluation/doubtRows.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';
import { fittedTable, shortened, shortenedPath, wrapped } from './fitted.ts';

const MOST_ROWS = 20;
const NAME_COLUMNS = 14;
const FILE_COLUMNS = 26;

/** What was found about labels, copies and forgetting as lines for people, none wider than 80 columns. */
export function doubtLines({ suspects, duplicates, forgotten }: Doubts): string[] {
  return [
    ...(suspects === null ? [] : suspectLines(suspects)),
    ...(duplicates === null ? [] : duplicateLines(duplicates)),
    ...(forgotten === null ? [] : forgottenLines(forgotten)),
  ];
}

function part(
  said: readonly Message[],
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const table = rows.length === 0 ? [] : fittedTable(header, rows.slice(0, MOST_ROWS)).split('\n');
  const more = rows.length > MOST_ROWS ? [`the first ${MOST_ROWS} of ${rows.length}`] : [];
  return ['', ...said.flatMap((each) => wrapped(inEnglish(each))), ...more, ...table];
}

function suspectLines({ rows, summary }: NonNullable<Doubts['suspects']>): string[] {
  const { images, evaluations: networks, trained, source } = summary;
  return part(
    [
      message(`doubts.${source}`, { images, networks, count: rows.length }),
      ...(trained === 0 ? [] : [message('doubts.trained', { count: trained })]),
    ],
    ['likely mislabelled', 'label', 'suggested', 'probability', 'of label'],
    rows.map((row) => [
      ...[shortenedPath(row.file, FILE_COLUMNS), shortened(row.label, NAME_COLUMNS)],
      ...[shortened(row.suggested, NAME_COLUMNS), share(row.probability), share(row.labelProbability)],
    ]),
  );
}

function duplicateLines({ rows, summary }: NonNullable<Doubts['duplicates']>): string[] {
  const { images, others, leaks, differing } = summary;
  return part(
    [message('doubts.duplicatesText', { images, others, count: rows.length, leaks, differing })],
    ['image', 'is', 'of', 'wrong', 'labels'],
    rows.map((row) => [
      ...[shortenedPath(row.file, FILE_COLUMNS), inEnglish(message(`doubts.${row.likeness}`))],
      ...[shortenedPath(row.other.file, FILE_COLUMNS), row.isWrong ? 'wrong' : ''],
      row.differs ? 'differ' : 'same',
    ]),
  );
}

function forgottenLines({ rows, summary }: NonNullable<Doubts['forgotten']>): string[] {
  const { epochs, images, unforgettable, forgotten, neverLearned, lost } = summary;
  const counts = { images, epochs: epochs.length, unforgettable, forgotten, neverLearned, lost };
  return part(
    [message('doubts.forgottenText', counts)],
    ['image', 'label', 'forgotten', 'first right', 'lost'],
    rows.map((row) => [
      ...[shortenedPath(row.file, FILE_COLUMNS), shortened(row.label, NAME_COLUMNS), String(row.events)],
      ...[row.learnedAt === null ? 'never' : `epoch ${row.learnedAt}`, row.isLost ? 'lost' : ''],
    ]),
  );
}

function share(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(1)} %`;
}
