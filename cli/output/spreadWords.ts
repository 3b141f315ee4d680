import { spreadOf, type Spread } from '#core/evaluation/answerSpread.ts';
import type { TriedPicture } from '#workers/pictures/tryPictures.ts';
import { fittedTable } from './fitted.ts';

/** A class of a picture: its probability alone, in a batch of its own kind, and in batches of random images. */
export interface ClassSpread {
  readonly class: string;
  readonly stored: number;
  readonly kind: number;
  readonly random: Spread;
}

/** The classes of a picture, the most probable of the stored statistics first. */
export function classSpreads(
  { stored, kind, random }: TriedPicture,
  names: readonly string[],
): ClassSpread[] {
  return names
    .map((name, at) => ({
      ...{ class: name, stored: stored.probabilities[at] ?? NaN },
      kind: kind.answers[0]?.probabilities[at] ?? NaN,
      random: spreadOf(random.answers.map(({ probabilities }) => probabilities[at] ?? NaN)),
    }))
    .sort((a, b) => b.stored - a.stored);
}

/** A table of probabilities in percent; the last column is the width of the range. */
export function spreadTable(spreads: readonly ClassSpread[]): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  const header = ['class', 'stored', 'own kind', 'min', 'median', 'max', 'spread'];
  return fittedTable(
    header,
    spreads.map(({ class: name, stored, kind, random: { min, median, max } }) => [
      ...[name, percent(stored), percent(kind), percent(min), percent(median), percent(max)],
      max === min ? '0' : percent(max - min),
    ]),
  );
}
