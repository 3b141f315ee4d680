/** `Object.keys` that keeps the type of the keys. */
export function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

/** `Object.entries` that keeps the type of the keys. */
export function entriesOf<K extends string, V>(table: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries<V>(table) as [K, V][];
}
