import { csvParts, rowsOf, type CsvCell } from '../csv/csv.ts';
import type { Doubts } from './doubtRows.ts';

/** File names of the tables of doubts. */
export const DOUBT_TABLES = ['suspects.csv', 'duplicates.csv', 'forgotten.csv'] as const;

/**
 * The tables that were asked for as CSV (RFC 4180), by file name, each in parts that are made one after another and
 * once: probabilities from 0 to 1, yes and no as 1 and 0.
 */
export function doubtTables(doubts: Doubts): ReadonlyMap<(typeof DOUBT_TABLES)[number], Iterable<string>> {
  const tables = new Map<(typeof DOUBT_TABLES)[number], Iterable<string>>();
  if (doubts.suspects !== null) tables.set('suspects.csv', suspectsTable(doubts.suspects));
  if (doubts.duplicates !== null) tables.set('duplicates.csv', duplicatesTable(doubts.duplicates));
  if (doubts.forgotten !== null) tables.set('forgotten.csv', forgottenTable(doubts.forgotten));
  return tables;
}

function suspectsTable({ rows }: NonNullable<Doubts['suspects']>): Iterable<string> {
  return csvParts(
    ['file', 'label', 'suggested', 'probability', 'probability of label', 'margin', 'networks'],
    rowsOf(rows, (row): CsvCell[] => [
      ...[row.file, row.label, row.suggested, row.probability],
      ...[row.labelProbability, row.margin, row.networks],
    ]),
  );
}

function duplicatesTable({ rows }: NonNullable<Doubts['duplicates']>): Iterable<string> {
  return csvParts(
    [
      ...['file', 'label', 'class given', 'wrong', 'likeness', 'distance', 'correlation'],
      ...['part of copy', 'copy', 'label of copy', 'labels differ', 'leak'],
    ],
    rowsOf(rows, (row): CsvCell[] => [
      ...[row.file, row.label, row.decided, Number(row.isWrong), row.likeness],
      ...[row.distance, row.correlation, row.other.part, row.other.file, row.other.label],
      ...[Number(row.differs), Number(row.isLeak)],
    ]),
  );
}

function forgottenTable({ rows, summary }: NonNullable<Doubts['forgotten']>): Iterable<string> {
  return csvParts(
    [
      'file',
      'label',
      'events',
      'learned at epoch',
      'lost since best',
      ...summary.epochs.map((e) => `epoch ${e}`),
    ],
    rowsOf(rows, (row): CsvCell[] => [
      ...[row.file, row.label, row.events, row.learnedAt, Number(row.isLost)],
      ...[...row.right].map(Number),
    ]),
  );
}
