import { isFolderFormat, type ExportFormat } from '#core/export/formats.ts';
import { writeFolderInPlace } from '../files/folderInPlace.ts';
import { writeInPlace } from '../files/writeInPlace.ts';
import { ownBundleEntries } from './ownBundle.ts';

/**
 * Calls `write` with a temporary name and gives what it wrote its final name: a file, or a folder that exists before
 * `write` is called. Throws as `writeInPlace` and `writeFolderInPlace`.
 */
export function placeExport<R>(
  { format, path, overwrite }: { format: ExportFormat; path: string; overwrite: boolean },
  write: (temporary: string, target: string) => Promise<R>,
): Promise<R> {
  if (!isFolderFormat(format)) return writeInPlace(path, overwrite, write);
  return writeFolderInPlace(path, { overwrite, ownEntries: ownBundleEntries }, write);
}
