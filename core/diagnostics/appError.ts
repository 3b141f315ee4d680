import { inEnglish, isMessage } from '../words/catalogues.ts';
import { message, asIs, type Message } from '../words/message.ts';
import type { ErrorCode } from './codes.ts';

/** Plain form of an `AppError`, as it travels between processes. */
export interface AppErrorData {
  readonly code: ErrorCode;
  /** What happened and what to do about it. The text is made where the error is shown. */
  readonly message: Message;
  /** File, folder, block or parameter the error is about. */
  readonly where?: string;
  /** Technical cause, collapsed on the screen. */
  readonly detail?: Message;
}

/**
 * An error outside NormLab: a disk, a file, a missing program. It carries a code, which determines the exit status and
 * which tests match on, a message for the user, a place and the cause, which may be a message too. `message` is the
 * English text, for logs and stack traces.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly said: Message;
  readonly where: string | undefined;

  constructor(code: ErrorCode, said: Message, options: { where?: string; cause?: unknown } = {}) {
    super(inEnglish(said), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.said = said;
    this.where = options.where;
  }
}

/** Turns any thrown value into plain data that can cross a process border. */
export function toErrorData(thrown: unknown): AppErrorData {
  if (thrown instanceof AppError) {
    const detail = thrown.cause === undefined ? undefined : describe(thrown.cause);
    return {
      code: thrown.code,
      message: thrown.said,
      ...(thrown.where === undefined ? {} : { where: thrown.where }),
      ...(detail === undefined ? {} : { detail }),
    };
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = asIs(thrown instanceof Error && thrown.stack ? thrown.stack : text);
  return { code: 'internal', message: message('lab.internal', { text }), detail };
}

/** Rebuilds the error on the other side of the border. */
export function fromErrorData(data: AppErrorData): AppError {
  return new AppError(data.code, data.message, {
    ...(data.where === undefined ? {} : { where: data.where }),
    ...(data.detail === undefined ? {} : { cause: data.detail }),
  });
}

/** Returns the message of a cause, or the technical text of an error that is not an `AppError`. */
function describe(thrown: unknown): Message {
  if (thrown instanceof AppError) return thrown.said;
  if (isMessage(thrown)) return thrown;
  return asIs(thrown instanceof Error ? thrown.message : String(thrown));
}
