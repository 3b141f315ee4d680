/**
 * Labels of the ticks of an axis, in the first of `formats` that makes all of them different; else in the last one,
 * with repeated labels left empty.
 */
export function tickLabels(
  ticks: readonly { readonly value: number }[],
  formats: readonly ((value: number) => string)[],
): readonly string[] {
  let words: readonly string[] = [];
  for (const format of formats) {
    words = ticks.map(({ value }) => format(value));
    if (new Set(words).size === words.length) return words;
  }
  return words.map((word, index) => (word === words[index - 1] ? '' : word));
}
