/** One tab of `UiTabs`. */
export interface Tab<K extends string> {
  readonly key: K;
  readonly label: string;
  /** A count shown after the text; 0 or absent shows none. */
  readonly badge?: number;
  readonly badgeKind?: 'warn' | 'bad';
  readonly testId?: string;
}
