import { inLanguage, type Language } from '../../words/catalogues.ts';
import { message, type Message } from '../../words/message.ts';
import type { Doubts } from '../doubtRows.ts';
import { element, htmlTable, numberCell, text, together, wordCell, type Markup } from './html.ts';

/** Rows of each table in the report; the tables in CSV have all. */
const MOST_ROWS = 50;

/** The sections about labels, copies and forgetting that were asked for. */
export function doubtSections(doubts: Doubts, language: Language): Markup {
  const say = (said: Message): string => inLanguage(said, language);
  return together([
    ...(doubts.suspects === null ? [] : [suspectSection(doubts.suspects, say)]),
    ...(doubts.duplicates === null ? [] : [duplicateSection(doubts.duplicates, say)]),
    ...(doubts.forgotten === null ? [] : [forgottenSection(doubts.forgotten, say)]),
  ]);
}

type Say = (said: Message) => string;

function section(title: string, explained: readonly string[], table: Markup | null): Markup {
  return element(
    'section',
    { class: 'long' },
    element('h2', {}, text(title)),
    ...explained.map((line) => element('p', { class: 'dim' }, text(line))),
    ...(table === null ? [] : [element('div', { class: 'scroll' }, table)]),
  );
}

/** A share or a correlation. */
function number(value: number | null): ReturnType<typeof numberCell> {
  return numberCell(value === null ? '–' : value.toFixed(4));
}

function moreThan(rows: readonly unknown[], say: Say): string[] {
  const shown = Math.min(rows.length, MOST_ROWS);
  return rows.length > shown ? [say(message('doubts.firstRows', { shown, count: rows.length }))] : [];
}

function suspectSection({ rows, summary }: NonNullable<Doubts['suspects']>, say: Say): Markup {
  const { images, evaluations, trained } = summary;
  const explained = [
    say(message(`doubts.${summary.source}`, { images, networks: evaluations, count: rows.length })),
    ...(trained === 0 ? [] : [say(message('doubts.trained', { count: trained }))]),
    ...moreThan(rows, say),
  ];
  const header = ['file', 'label', 'suggested', 'probability', 'labelProbability', 'networks'] as const;
  const table = htmlTable(
    header.map((key) => say(message(`doubts.${key}`))),
    rows
      .slice(0, MOST_ROWS)
      .map((row) => [
        ...[wordCell(row.file), wordCell(row.label), wordCell(row.suggested)],
        ...[number(row.probability), number(row.labelProbability), numberCell(String(row.networks))],
      ]),
  );
  return section(say(message('doubts.suspectsTitle')), explained, rows.length === 0 ? null : table);
}

function duplicateSection({ rows, summary }: NonNullable<Doubts['duplicates']>, say: Say): Markup {
  const { images, others, leaks, differing } = summary;
  const explained = [
    say(message('doubts.duplicatesText', { images, others, count: rows.length, leaks, differing })),
    ...moreThan(rows, say),
  ];
  const header = ['file', 'label', 'given', 'likeness', 'copy', 'copyLabel', 'correlation'] as const;
  const table = htmlTable(
    header.map((key) => say(message(`doubts.${key}`))),
    rows
      .slice(0, MOST_ROWS)
      .map((row) => [
        ...[wordCell(row.file), wordCell(row.label), wordCell(row.decided)],
        wordCell(say(message(`doubts.${row.likeness}`))),
        ...[wordCell(row.other.file), wordCell(row.other.label), number(row.correlation)],
      ]),
  );
  return section(say(message('doubts.duplicatesTitle')), explained, rows.length === 0 ? null : table);
}

function forgottenSection({ rows, summary }: NonNullable<Doubts['forgotten']>, say: Say): Markup {
  const { images, unforgettable, forgotten, neverLearned, lost, epochs } = summary;
  const counts = { images, epochs: epochs.length, unforgettable, forgotten, neverLearned, lost };
  const explained = [say(message('doubts.forgottenText', counts)), ...moreThan(rows, say)];
  const header = ['file', 'label', 'events', 'learnedAt', 'epochsRight'] as const;
  const table = htmlTable(
    header.map((key) => say(message(`doubts.${key}`))),
    rows
      .slice(0, MOST_ROWS)
      .map((row) => [
        ...[wordCell(row.file), wordCell(row.label), numberCell(String(row.events))],
        ...[numberCell(row.learnedAt === null ? '–' : String(row.learnedAt)), wordCell(row.right)],
      ]),
  );
  return section(say(message('doubts.forgottenTitle')), explained, rows.length === 0 ? null : table);
}
