import { AppError } from '#core/diagnostics/appError.ts';
import type { GroupRule } from '#core/document/groupRule.ts';
import { compilePattern, matchPattern } from '#core/pattern/pattern.ts';
import { message, type Message } from '#core/words/message.ts';
import { columnValues } from '../labels/columnValues.ts';
import type { FolderScan } from '../scan/scanFolder.ts';

/** Separates the captures of several brackets: no file name contains it. */
const JOINT = '\0';

/**
 * The group of each image of a scan, null for an image without one: the captures of a pattern in the path inside the
 * folder, or the value in a column of the table of labels. Throws `AppError('groups-invalid')` for a pattern that
 * cannot be used, a column where there is no table, and a rule that assigns no image to a group; 'labels-column' for a
 * column that does not exist in the table.
 */
export function groupKeys(scan: FolderScan, rule: GroupRule): (string | null)[] {
  const keys = rule.by === 'pattern' ? keysByPattern(scan, rule.pattern) : keysByColumn(scan, rule.column);
  if (keys.some((key) => key !== null)) return keys;
  const values = { images: scan.images.length, example: scan.images.fileOf(0) };
  const said =
    rule.by === 'pattern'
      ? message('labels.patternFindsNone', { pattern: rule.pattern, ...values })
      : message('labels.columnFindsNone', { column: rule.column, ...values });
  throw invalid(said, scan.root);
}

function keysByPattern({ images, root }: FolderScan, pattern: string): (string | null)[] {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw invalid(message('labels.badPattern', { pattern, problem: compiled.problem }), root);
  return Array.from(images.keys(), (index) => {
    const found = matchPattern(compiled.pattern, images.fileOf(index));
    if (found === null) return null;
    const [whole = '', ...caught] = found;
    const key = caught.length === 0 ? whole : caught.join(JOINT);
    return key === '' ? null : key;
  });
}

function keysByColumn({ images, root, table }: FolderScan, column: string): (string | null)[] {
  if (table === null) throw invalid(message('labels.noTable', { column }), root);
  const values = columnValues(table, root, images, column);
  return Array.from(images.keys(), (index) => values.get(images.fileOf(index)) ?? null);
}

function invalid(said: Message, where: string): AppError {
  return new AppError('groups-invalid', said, { where });
}
