import { inEnglish, isMessage } from './catalogues.ts';
import type { Message } from './message.ts';

/** The type `T` with every message replaced by its sentence. */
export type Told<T> = T extends Message
  ? string
  : T extends string | number | boolean | Uint8Array
    ? T
    : T extends readonly (infer Item)[]
      ? Told<Item>[]
      : T extends object
        ? { [Key in keyof T]: Told<T[Key]> }
        : T;

/** For tests: replaces every message in plain data by its English sentence. */
export function told<T>(value: T): Told<T> {
  return toldAny(value) as Told<T>;
}

function toldAny(value: unknown): unknown {
  if (isMessage(value)) return inEnglish(value);
  if (Array.isArray(value)) return value.map(toldAny);
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toldAny(item)]));
}
