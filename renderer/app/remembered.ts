import { shallowRef, watch, type ShallowRef } from 'vue';
import type { z } from 'zod';

/** Storage of small settings: `localStorage` in the app, a fake in tests. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Storage for the lifetime of the page: a browser can forbid `localStorage`, and outside a browser there is none. */
const FORGETFUL: Keeper = { getItem: () => null, setItem: () => undefined };

function browserKeeper(): Keeper {
  try {
    return localStorage;
  } catch {
    return FORGETFUL;
  }
}

/** The value stored under `key`, or `schema`'s defaults where no readable value is stored. Never throws. */
export function readRemembered<S extends z.ZodType>(keeper: Keeper, key: string, schema: S): z.output<S> {
  try {
    const kept: unknown = JSON.parse(keeper.getItem(key) ?? '{}');
    const parsed = schema.safeParse(kept);
    if (parsed.success) return parsed.data;
  } catch {
    // Unreadable text counts as no value.
  }
  return schema.parse({});
}

/** A ref that is read from `localStorage` once and written back at each change. `schema` must accept `{}`. */
export function remembered<S extends z.ZodType>(
  key: string,
  schema: S,
  keeper: Keeper = browserKeeper(),
): ShallowRef<z.output<S>> {
  const value: ShallowRef<z.output<S>> = shallowRef<z.output<S>>(readRemembered(keeper, key, schema));
  watch(value, (next) => {
    try {
      keeper.setItem(key, JSON.stringify(next));
    } catch {
      // With a full or forbidden storage only the settings are lost.
    }
  });
  return value;
}
