import type { ErrorCode } from './codes.ts';

/** Plain form of an `AppError`, as it travels between processes. */
export interface AppErrorData {
  readonly code: ErrorCode;
  /** One sentence: what happened and what to do. */
  readonly message: string;
  /** File, folder, block or parameter the error is about, in words for the user. */
  readonly where?: string;
  /** Technical cause, folded away on the screen. */
  readonly detail?: string;
  /** The numbers and names in the message, for screens that word it themselves. */
  readonly values?: ErrorValues;
}

export type ErrorValues = Readonly<Record<string, string | number>>;

/** The world failed us: a disk, a file, a missing program. Carries a code, a place and the cause. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly values: ErrorValues | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { where?: string; cause?: unknown; values?: ErrorValues } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.where = options.where;
    this.values = options.values;
  }
}

/** Turns any thrown value into plain data that can cross a process border. */
export function toErrorData(thrown: unknown): AppErrorData {
  if (thrown instanceof AppError) {
    const detail = thrown.cause === undefined ? undefined : describe(thrown.cause);
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.where === undefined ? {} : { where: thrown.where }),
      ...(detail === undefined ? {} : { detail }),
      ...(thrown.values === undefined ? {} : { values: thrown.values }),
    };
  }
  const detail = thrown instanceof Error && thrown.stack ? thrown.stack : describe(thrown);
  return { code: 'internal', message: describe(thrown), detail };
}

/** Rebuilds the error on the other side of the border. */
export function fromErrorData(data: AppErrorData): AppError {
  return new AppError(data.code, data.message, {
    ...(data.where === undefined ? {} : { where: data.where }),
    ...(data.detail === undefined ? {} : { cause: data.detail }),
    ...(data.values === undefined ? {} : { values: data.values }),
  });
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
