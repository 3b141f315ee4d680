import { AppError } from '../../diagnostics/appError.ts';

/** Code and sentence of the `AppError` that `read` throws; another error is thrown on, and none is an error too. */
export function refusal(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof AppError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  throw new Error('nothing was refused');
}
