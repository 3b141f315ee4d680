import { inEnglish } from '../words/catalogues.ts';
import { asIs, type Message } from '../words/message.ts';
import type { ErrorCode } from './codes.ts';

/** Plain form of an `AppError`, as it travels between processes. */
export interface AppErrorData {
  readonly code: ErrorCode;
  /** What happened and what to do; whoever shows it puts it into words. */
  readonly message: Message;
  /** File, folder, block or parameter the error is about. */
  readonly where?: string;
  /** Technical cause, folded away on the screen. */
  readonly detail?: string;
}

/**
 * The world failed us: a disk, a file, a missing program. Carries a code, which tests and the exit status match on, what to tell people,
 * a place and the cause. `message` is the English of what it says, for logs and stack traces.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly said: Message;
  readonly where: string | undefined;

  constructor(code: ErrorCode, said: Message | string, options: { where?: string; cause?: unknown } = {}) {
    const message = typeof said === 'string' ? asIs(said) : said;
    super(inEnglish(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.said = message;
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
  const detail = thrown instanceof Error && thrown.stack ? thrown.stack : describe(thrown);
  return { code: 'internal', message: asIs(describe(thrown)), detail };
}

/** Rebuilds the error on the other side of the border. */
export function fromErrorData(data: AppErrorData): AppError {
  return new AppError(data.code, data.message, {
    ...(data.where === undefined ? {} : { where: data.where }),
    ...(data.detail === undefined ? {} : { cause: data.detail }),
  });
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
