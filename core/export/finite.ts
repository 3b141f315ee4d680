import { AppError } from '../diagnostics/appError.ts';

/** Throws `AppError('diverged')` that names the tensor when a value is NaN or infinite. */
export function requireFinite(name: string, values: Float32Array | Float64Array): void {
  if (values.every((value) => Number.isFinite(value))) return;
  throw new AppError(
    'diverged',
    `${name} holds values that are not numbers (NaN or infinity). Train again with a lower learning rate, or go back to an earlier checkpoint.`,
    { where: name },
  );
}
