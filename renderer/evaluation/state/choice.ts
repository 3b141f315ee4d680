import type { SelectOption } from '../../ui/selectOption.ts';

/** One of the choices that name a network and its images. */
export interface Choice {
  /** What is chosen, for screen readers. */
  readonly label: string;
  readonly value: string | null;
  readonly options: readonly SelectOption<string>[];
  readonly testId: string;
  /** The names of runs are long, those of precisions short. */
  readonly width?: 'wide' | 'narrow';
  choose(value: string): void;
}

/** A choice among the values `V`. */
export function choiceOf<V extends string>(
  choice: Omit<Choice, 'value' | 'options' | 'choose'> & {
    readonly value: V | null;
    readonly options: readonly SelectOption<V>[];
    choose(value: V): void;
  },
): Choice {
  return {
    ...choice,
    choose: (value) => {
      const option = choice.options.find((each) => each.value === value);
      if (option !== undefined) choice.choose(option.value);
    },
  };
}

/** The options `values`, each with its words. */
export function optionsOf<const V extends string>(
  values: readonly V[],
  words: (value: V) => string,
): readonly SelectOption<V>[] {
  return values.map((value) => ({ value, label: words(value) }));
}
