import { basename } from 'node:path';
import { compareNames } from '../walk/compareNames.ts';
import type { FolderWalk, SkippedFile } from '../walk/walkFolder.ts';
import { message, type Message } from '#core/words/message.ts';
import { isTable } from './columnNames.ts';
import { allFiles, type FoundFile, type MatchKind } from './fileNames.ts';
import type { LabelRow, LabelTable } from './labelTable.ts';

/** A walk whose classes are the labels of a table, and the number of its files that the table names. */
interface LabelledWalk {
  readonly walk: FolderWalk;
  readonly matched: number;
  readonly warnings: readonly Message[];
}

/** The files that the lines of a table match. */
interface Assigned {
  readonly labels: ReadonlyMap<string, LabelRow>;
  readonly contradicted: ReadonlySet<string>;
  readonly skipped: readonly SkippedFile[];
  /** By the respect in which names differ from their files: how many, and the first. */
  readonly differing: ReadonlyMap<MatchKind, { readonly count: number; readonly example: Message }>;
}

/**
 * Sorts the files of a walk by the labels of a table instead of by their folders; `fileLocator` defines how names match
 * files. Skipped and listed are lines without a file or a label, lines whose file does not exist, files with two
 * different labels, and files that no line names; a subfolder without any named file is reported by a single warning.
 */
export function labelWalk(walk: FolderWalk, table: LabelTable): LabelledWalk {
  const { labels, contradicted, skipped, differing } = assign(table);
  const isNamed = (file: string): boolean => labels.has(file) || contradicted.has(file);
  const foreign = walk.folders.filter(({ files }) => files.length > 0 && !files.some(isNamed));
  const passedOver = new Set(foreign.flatMap(({ files }) => files));
  const unnamed = allFiles(walk).filter((file) => !isNamed(file) && !passedOver.has(file) && !isTable(file));
  return {
    walk: {
      ...walk,
      folders: foldersByLabel(labels),
      stray: [],
      skipped: [
        ...walk.skipped,
        ...table.skipped,
        ...skipped,
        ...unnamed.map((file) => ({ file, reason: message('images.unnamed') })),
      ],
    },
    matched: labels.size + contradicted.size,
    warnings: [
      ...differenceWarnings(basename(table.use.path), differing),
      ...foreign.map(({ name, files }) =>
        message('labels.folderLeftOut', { files: files.length, folder: name }),
      ),
    ],
  };
}

function assign({ rows, locator }: LabelTable): Assigned {
  const labels = new Map<string, LabelRow>();
  const contradicted = new Set<string>();
  const skipped: SkippedFile[] = [];
  const differing = new Map<MatchKind, { count: number; example: Message }>();
  for (const row of rows) {
    const found = locator.find(row.file);
    if (typeof found === 'string') {
      skipped.push({ file: row.file, reason: missingReason(found, row.line) });
      continue;
    }
    countDifference(differing, row, found);
    const earlier = labels.get(found.file);
    if (earlier === undefined) labels.set(found.file, row);
    else if (earlier.label !== row.label) contradicted.add(found.file);
  }
  for (const file of contradicted) {
    const reason = message('images.manyClasses', { line: labels.get(file)?.line ?? 0 });
    skipped.push({ file, reason });
    labels.delete(file);
  }
  return { labels, contradicted, skipped, differing };
}

function missingReason(found: 'none' | 'many', line: number): Message {
  return message(found === 'none' ? 'images.notInFolder' : 'images.ambiguous', { line });
}

function countDifference(
  differing: Map<MatchKind, { count: number; example: Message }>,
  row: LabelRow,
  { file, kind }: FoundFile,
): void {
  const known = differing.get(kind);
  differing.set(kind, {
    count: (known?.count ?? 0) + 1,
    example: known?.example ?? message('labels.nameIsFile', { name: row.file, file }),
  });
}

function differenceWarnings(table: string, differing: Assigned['differing']): Message[] {
  return (['form', 'case'] as const).flatMap((kind) => {
    const found = differing.get(kind);
    if (found === undefined) return [];
    return [message(`labels.${kind}Differs`, { table, ...found })];
  });
}

function foldersByLabel(labels: ReadonlyMap<string, LabelRow>): { name: string; files: string[] }[] {
  const folders = new Map<string, string[]>();
  for (const [file, { label }] of labels) {
    const files = folders.get(label);
    if (files === undefined) folders.set(label, [file]);
    else files.push(file);
  }
  return [...folders.entries()]
    .map(([name, files]) => ({ name, files: files.sort(compareNames) }))
    .sort((a, b) => compareNames(a.name, b.name));
}
