import { basename } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';

/** The limit of most file systems is 255 bytes. */
const LONGEST_FILE_NAME = 200;
const FORBIDDEN = '/ \\ : * ? " < > |';

/** A file name typed by the user, with its ending; throws when it is no name or would leave the folder. */
export function plainName(name: string, ending: string): string {
  const full = name.endsWith(ending) ? name : `${name}${ending}`;
  const isPlain =
    basename(full) === full &&
    !/[\\/:*?"<>|]/.test(full) &&
    !hasControlCharacter(full) &&
    !full.startsWith('.') &&
    full.length <= LONGEST_FILE_NAME;
  if (!isPlain)
    throw new AppError(
      'arguments',
      message('files.badName', { name: JSON.stringify(name), characters: FORBIDDEN }),
    );
  return full;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((char) => (char.codePointAt(0) ?? 0) < 32);
}
