/** One tab of `UiTabs`. */
export interface Tab<K extends string> {
  readonly key: K;
  readonly label: string;
  /** A count shown behind the words; 0 or absent shows none. */
  readonly badge?: number;
  readonly badgeKind?: 'warn' | 'bad';
  readonly testId?: string;
}

/** The tab `by` places from the one of `key`, round the ends; undefined when there are none. */
export function neighbourTab<T extends { readonly key: string }>(
  tabs: readonly T[],
  key: string,
  by: number,
): T | undefined {
  const at = tabs.findIndex((tab) => tab.key === key);
  return tabs[(at + by + tabs.length) % tabs.length];
}
