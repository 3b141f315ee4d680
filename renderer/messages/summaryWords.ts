const BETWEEN = ' · ';
const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?|\?/g;

/** The phrases of a block's summary, with `#` for their numbers: the keys under which a translation has them. */
export function summaryKeys(summary: string): string[] {
  return summary.split(BETWEEN).map((phrase) => phrase.replace(NUMBER, '#'));
}

/** A block's summary in the words of `phrases`; what these do not have stays as it is. */
export function summaryWords(summary: string, phrases: Readonly<Record<string, string>>): string {
  return summary
    .split(BETWEEN)
    .map((phrase) => {
      const words = phrases[phrase.replace(NUMBER, '#')];
      if (words === undefined) return phrase;
      const numbers = phrase.match(NUMBER) ?? [];
      return words.replace(/#/g, () => numbers.shift() ?? '');
    })
    .join(BETWEEN);
}
