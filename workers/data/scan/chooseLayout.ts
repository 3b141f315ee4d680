import { basename, join } from 'node:path';
import type { TableUse } from '#core/contract/dataPlan.ts';
import type { TableColumns } from '#core/document/dataSettings.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { MessageKey } from '#core/words/english.ts';
import { message, type Message } from '#core/words/message.ts';
import { compareNames } from '../walk/compareNames.ts';
import { hasImageExtension } from '../format/fileNames.ts';
import { judgeParts } from '../parts/judgeParts.ts';
import { outlineWalk } from '../parts/outline.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';
import { isAnswerForm, isTable, promiseOf } from '../labels/columnNames.ts';
import { readLabelTable } from '../labels/labelTable.ts';
import { labelWalk } from '../labels/labelWalk.ts';

/** The source of an image's class. */
export interface Layout {
  readonly walk: FolderWalk;
  /** Path of the table that provides the classes; null where the subfolders are the classes. */
  readonly table: TableUse | null;
  readonly warnings: readonly Message[];
  /** The error of a table that should provide the classes; thrown where there is no other source. */
  readonly refusal: AppError | null;
}

interface LayoutRequest {
  /** Path of the folder as the user wrote it. */
  readonly chosen: string;
  /** The table to use; null: search for one in the folder. */
  readonly labels: string | null;
  readonly columns: TableColumns;
}

/**
 * Decides where the classes come from. An explicitly requested table is always used. A table that lies in the folder is
 * used when the folder cannot have one subfolder per class (images lie directly in it, it has at most one subfolder, or
 * its subfolders are the flat parts of a set) and the table names an existing file. Of several tables, the one with the
 * most promising name is used, then the one that names most files; a submission form never. Throws `AppError`
 * 'labels-invalid' and 'labels-column' for a requested table that is unusable.
 */
export function chooseLayout(walk: FolderWalk, request: LayoutRequest): Layout {
  if (request.labels !== null) return askedFor(walk, request.labels, request);
  const tables = walk.stray.filter(isTable);
  const flat = flatWalk(walk);
  if (flat === null) {
    const warnings = tables.map((name) => message('labels.subfoldersDecide', { table: name }));
    return { walk, table: null, warnings, refusal: null };
  }
  const forms = tables.filter(isAnswerForm);
  const candidates = tables
    .filter((name) => !isAnswerForm(name))
    .map((name) => readCandidate(flat, name, request));
  const [best] = candidates
    .sort((a, b) => b.promise - a.promise || b.matched - a.matched || compareNames(a.name, b.name))
    .filter(({ layout, refusal }) => layout !== null || refusal?.code === 'labels-column');
  const formWarnings = forms.map((name) => message('labels.answerForm', { table: name }));
  if (best !== undefined && best.layout !== null) {
    const unused = candidates.filter((other) => other !== best).map(unusedWarning);
    return { ...best.layout, warnings: [...best.layout.warnings, ...unused, ...formWarnings] };
  }
  const refusals = candidates.map(({ refusal }) => refusal).filter((refusal) => refusal !== null);
  return {
    walk,
    table: null,
    warnings: [...refusals.map(({ said }) => said), ...formWarnings],
    refusal: best?.refusal ?? refusals[0] ?? null,
  };
}

/** A table of the folder, parsed or refused. */
interface Candidate {
  readonly name: string;
  readonly promise: number;
  /** Number of files that it names. */
  readonly matched: number;
  readonly layout: Layout | null;
  readonly refusal: AppError | null;
}

function readCandidate(walk: FolderWalk, name: string, request: LayoutRequest): Candidate {
  const promise = promiseOf(name);
  try {
    const { layout, matched } = read(walk, join(walk.root, name), request);
    return { name, promise, matched, layout, refusal: null };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { name, promise, matched: 0, layout: null, refusal: thrown };
  }
}

function unusedWarning({ name, refusal }: Candidate): Message {
  return refusal === null ? message('labels.otherTableDecides', { table: name }) : refusal.said;
}

/** Keys of the warnings about unused tables: that the table does not provide the classes, or what is wrong with it. */
const ABOUT_UNUSED: ReadonlySet<MessageKey> = new Set<MessageKey>([
  ...(['labels.subfoldersDecide', 'labels.answerForm', 'labels.otherTableDecides'] as const),
  ...(['labels.noFileFound', 'labels.columnProblem', 'labels.unusable', 'labels.unreadable'] as const),
]);

/** True for a warning about a table that could have provided the classes. */
export function isAboutUnusedTable({ key }: Message): boolean {
  return ABOUT_UNUSED.has(key);
}

/** Throws `AppError` where the table names no file of the folder. */
function read(
  walk: FolderWalk,
  path: string,
  { columns, chosen }: LayoutRequest,
): { layout: Layout; matched: number } {
  const table = readLabelTable(path, walk, columns, chosen);
  const { matched, warnings, walk: labelled } = labelWalk(walk, table);
  if (matched > 0) return { layout: { walk: labelled, table: table.use, warnings, refusal: null }, matched };
  const [first] = table.rows;
  const said = message('labels.noFileFound', {
    ...{ table: basename(path), root: walk.root, file: first?.file ?? '' },
    column: table.use.fileColumn,
  });
  throw new AppError('labels-invalid', said, { where: path });
}

function askedFor(walk: FolderWalk, path: string, request: LayoutRequest): Layout {
  return read(flatWalk(walk) ?? walk, path, request).layout;
}

/**
 * The files that a table could assign classes to; null where the subfolders are classes. Of flat parts (`train/1.png`
 * beside `test/1.png`) only those for training and validation count: the test images have numbers of their own in
 * tables.
 */
function flatWalk(walk: FolderWalk): FolderWalk | null {
  if (walk.folders.length <= 1 || walk.stray.some(hasImageExtension)) return walk;
  const outline = outlineWalk(walk);
  const verdict = judgeParts(outline);
  if (verdict.kind !== 'parts' || outline.some(({ inner }) => inner.length > 0)) return null;
  return { ...walk, folders: walk.folders.filter(({ name }) => name !== verdict.test) };
}
