import { AppError } from '../diagnostics/appError.ts';
import { message, type Message } from '../words/message.ts';

/**
 * What is wrong with a model file. Readers of parts of a file (a zip archive, a pickle) throw it without knowing the
 * file's name; `namingFile` turns it into the user's error.
 */
export class FileFault extends Error {
  readonly code: 'model-invalid' | 'model-unsupported';
  readonly what: Message;

  constructor(code: FileFault['code'], what: Message, cause?: unknown) {
    super(what.key, cause === undefined ? undefined : { cause });
    this.name = 'FileFault';
    this.code = code;
    this.what = what;
  }
}

/** The file violates its format. */
export function brokenFile(what: Message, cause?: unknown): FileFault {
  return new FileFault('model-invalid', what, cause);
}

/** The file follows its format and has something that NormLab cannot use. */
export function unsupportedFile(what: Message): FileFault {
  return new FileFault('model-unsupported', what);
}

/**
 * Returns the result of `read`; a fault that it throws becomes `AppError('model-invalid')` or
 * `AppError('model-unsupported')` with the name of the file.
 */
export function namingFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof FileFault)) throw thrown;
    const { code, what, cause } = thrown;
    const said =
      code === 'model-invalid'
        ? message('importing.broken', { file, what })
        : message('importing.notSupported', { file, what });
    throw new AppError(code, said, { where: file, ...(cause === undefined ? {} : { cause }) });
  }
}
