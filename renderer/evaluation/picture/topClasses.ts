import type { LabResult } from '#core/contract/labApi.ts';

/** What the network answers to a picture under some statistics. */
export type PictureAnswer = LabResult<'picture.classify'>['answers'][number];

/** One class of an answer. */
export interface RankedClass {
  readonly class: number;
  readonly name: string;
  readonly probability: number | null;
  /** Null where it is not finite. */
  readonly logit: number | null;
}

/** The class with the largest logit, the first among equal ones; the probability decides for one output. */
export function decidedClass({ logits, probabilities }: PictureAnswer): number {
  const values = logits.length === probabilities.length ? logits : probabilities;
  let best = 0;
  values.forEach((value, at) => {
    if ((value ?? -Infinity) > (values[best] ?? -Infinity)) best = at;
  });
  return best;
}

/** The `count` most probable classes, the most probable first; among equal ones the first. */
export function topClasses(
  answer: PictureAnswer,
  classNames: readonly string[],
  count: number,
): readonly RankedClass[] {
  const { logits, probabilities } = answer;
  // Probabilities that were rounded to the same number are ordered by their logits.
  const hasOwnLogits = logits.length === probabilities.length;
  const logitOf = (at: number): number => (hasOwnLogits ? (logits[at] ?? -Infinity) : 0);
  return probabilities
    .map((probability, at) => ({
      class: at,
      name: classNames[at] ?? String(at),
      probability,
      logit: hasOwnLogits ? (logits[at] ?? null) : (logits[0] ?? null),
    }))
    .sort(
      (one, other) =>
        (other.probability ?? -1) - (one.probability ?? -1) || logitOf(other.class) - logitOf(one.class),
    )
    .slice(0, count);
}

/** Probabilities of one class, one for each answer. */
export function probabilitiesOf(answers: readonly PictureAnswer[], wanted: number): (number | null)[] {
  return answers.map(({ probabilities }) => probabilities[wanted] ?? null);
}

/** In how many answers another class is decided. */
export function otherDecisions(answers: readonly PictureAnswer[], wanted: number): number {
  return answers.filter((answer) => decidedClass(answer) !== wanted).length;
}
