import { fromErrorData, type AppError } from '#core/diagnostics/appError.ts';
import { FAILURE_CODES, INTERRUPT_CODES, USER_ERROR_CODES, type ErrorCode } from '#core/diagnostics/codes.ts';
import { asIs, sentences, type Message } from '#core/words/message.ts';

/** The plain form of an error as the contract's schema parses it: the code is any text until it is checked here. */
interface ReceivedError {
  readonly code: string;
  readonly message: Message;
  readonly where?: string | undefined;
  readonly detail?: Message | undefined;
}

const CODES: ReadonlySet<string> = new Set([...USER_ERROR_CODES, ...FAILURE_CODES, ...INTERRUPT_CODES]);

/**
 * The `AppError` received from the other process; one with a code that this build does not know becomes `internal` and
 * keeps it as its cause.
 */
export function rebuildError(data: ReceivedError): AppError {
  const isKnown = isErrorCode(data.code);
  const detail = isKnown
    ? data.detail
    : data.detail === undefined
      ? asIs(data.code)
      : sentences(`${data.code}:`, data.detail);
  return fromErrorData({
    code: isErrorCode(data.code) ? data.code : 'internal',
    message: data.message,
    ...(data.where === undefined ? {} : { where: data.where }),
    ...(detail === undefined ? {} : { detail }),
  });
}

function isErrorCode(code: string): code is ErrorCode {
  return CODES.has(code);
}
