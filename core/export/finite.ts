import { AppError } from '../diagnostics/appError.ts';
import { message } from '../words/message.ts';

/** Throws `AppError('diverged')` that names the tensor when a value is NaN or infinite. */
export function requireFinite(name: string, values: Float32Array | Float64Array): void {
  if (values.every((value) => Number.isFinite(value))) return;
  throw new AppError('diverged', message('exporting.notFinite', { name }), { where: name });
}
