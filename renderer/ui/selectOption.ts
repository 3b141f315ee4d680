/** One option of `UiSelect`. */
export interface SelectOption<V extends string | number> {
  readonly value: V;
  readonly label: string;
  readonly disabled?: boolean;
}
