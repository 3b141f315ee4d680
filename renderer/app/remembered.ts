import { shallowRef, watch, type ShallowRef } from 'vue';
import type { z } from 'zod';

/** Where small settings are kept: `localStorage` in the app, a fake in tests. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What keeps nothing beyond the page: a browser can forbid `localStorage`, and there is none outside of one. */
const FORGETFUL: Keeper = { getItem: () => null, setItem: () => undefined };

function browserKeeper(): Keeper {
  try {
    return localStorage;
  } catch {
    return FORGETFUL;
  }
}

/** The value kept under `key`, or `schema`'s defaults where nothing readable is kept. Never throws. */
export function readRemembered<S extends z.ZodType>(keeper: Keeper, key: string, schema: S): z.output<S> {
  try {
    const kept: unknown = JSON.parse(keeper.getItem(key) ?? '{}');
    const parsed = schema.safeParse(kept);
    if (parsed.success) return parsed.data;
  } catch {
    // Unreadable text counts as nothing kept.
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
      // A full or forbidden storage costs only the memory of panel sizes.
    }
  });
  return value;
}
