import { message, type Message } from '#core/words/message.ts';
import { advised } from './imageReasons.ts';
/** Why a file cannot be read, by the system's error code. `workers/files/atomicFile.ts` has the same for writing. */
const REASONS: Readonly<Record<string, Message>> = {
  EACCES: message('reading.denied'),
  EPERM: message('reading.denied'),
  ENOENT: message('reading.gone'),
  ELOOP: message('reading.loop'),
  ENAMETOOLONG: message('reading.nameTooLong'),
  EMFILE: message('reading.tooManyOpen'),
  EIO: message('reading.diskError'),
  EISDIR: message('reading.isFolder'),
};

/** Node's error code of a failed file operation, or null for any other thrown value. */
export function systemCode(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

/** Why a file or folder could not be read, as a part of a sentence. */
export function readProblem(thrown: unknown, file: string): Message {
  const code = systemCode(thrown);
  if (code === 'ENOENT' && file.includes('\ufffd'))
    return advised(message('reading.notUnicode'), 'images.rename');
  if (code !== null) return REASONS[code] ?? message('reading.otherCode', { code });
  return message('reading.unknownText', { text: thrown instanceof Error ? thrown.message : String(thrown) });
}

/** The code of a failed file operation for a sentence. */
export function namedCode(thrown: unknown): string | Message {
  return systemCode(thrown) ?? message('reading.unknown');
}
