import { AppError } from '../diagnostics/appError.ts';
import { message, type Message } from '../words/message.ts';

/** The images of one evaluation, as far as they are needed to find them in another one. */
export interface PairSide {
  readonly classNames: readonly string[];
  /** True class of each image, `[N]`. */
  readonly labels: Int32Array;
  /** Text by which the contents of an image are recognized. */
  digestOf(image: number): string;
}

/** The images that two evaluations have in common, in the order of the first one. */
export interface PairedImages {
  /** Number of each image in the first and in the second evaluation, `[N]` each. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** Class of the first evaluation for each class of the second. */
  readonly classOf: Int32Array;
  /** Images without a partner. */
  readonly onlyInFirst: number;
  readonly onlyInSecond: number;
  /** Images that both have, but with different true classes; they are not compared. */
  readonly relabelled: number;
}

const MOST_NAMES = 5;

/**
 * Finds the images that are in both evaluations: those of equal contents and of the same true class, by name. Of equal
 * files in one evaluation the first belongs to the first of the other, the second to the second, and so on. Throws
 * `AppError('arguments')` for networks with different classes, and where no image is in both.
 */
export function pairImages(first: PairSide, second: PairSide): PairedImages {
  const classOf = matchClasses(first.classNames, second.classNames);
  const isTaken = new Uint8Array(second.labels.length);
  const find = queuesOf(second, (label) => classOf[label] ?? -1);
  const pairs: (readonly [number, number])[] = [];
  const alone: number[] = [];
  first.labels.forEach((label, image) => {
    const partner = find(`${first.digestOf(image)} ${label}`);
    if (partner === undefined) return void alone.push(image);
    isTaken[partner] = 1;
    pairs.push([image, partner]);
  });
  if (pairs.length === 0) throw new AppError('arguments', message('pairs.noCommonImages'));
  const relabelled = countRelabelled(first, alone, second, isTaken);
  return {
    ...{ classOf, relabelled, onlyInFirst: alone.length - relabelled },
    first: Uint32Array.from(pairs, ([image]) => image),
    second: Uint32Array.from(pairs, ([, image]) => image),
    onlyInSecond: second.labels.length - pairs.length - relabelled,
  };
}

/** Returns a function that gives the images of a digest and a class one after another. */
function queuesOf(
  { labels, digestOf }: PairSide,
  classOf: (label: number) => number,
): (key: string) => number | undefined {
  const queues = new Map<string, number[]>();
  for (let image = labels.length - 1; image >= 0; image -= 1) {
    const key = `${digestOf(image)} ${classOf(labels[image] ?? -1)}`;
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [image]);
    else queue.push(image);
  }
  return (key) => queues.get(key)?.pop();
}

/** Images without a partner of the same class whose contents are in the other evaluation without one, too. */
function countRelabelled(
  first: PairSide,
  alone: readonly number[],
  second: PairSide,
  isTaken: Uint8Array,
): number {
  const free = new Map<string, number>();
  isTaken.forEach((taken, image) => {
    const digest = taken === 1 ? null : second.digestOf(image);
    if (digest !== null) free.set(digest, (free.get(digest) ?? 0) + 1);
  });
  let relabelled = 0;
  for (const image of alone) {
    const digest = first.digestOf(image);
    const left = free.get(digest) ?? 0;
    if (left > 0) relabelled += 1;
    free.set(digest, left - 1);
  }
  return relabelled;
}

/** For each class of the second network, that of the first with the same name. */
function matchClasses(first: readonly string[], second: readonly string[]): Int32Array {
  const places = new Map(first.map((name, k) => [name, k]));
  const known = new Set(second);
  const onlyFirst = first.filter((name) => !known.has(name));
  const onlySecond = second.filter((name) => !places.has(name));
  if (onlyFirst.length > 0 || onlySecond.length > 0)
    throw new AppError(
      'arguments',
      message('pairs.otherClasses', {
        ...{ first: listed(onlyFirst), second: listed(onlySecond) },
      }),
    );
  return Int32Array.from(second, (name) => places.get(name) ?? -1);
}

function listed(names: readonly string[]): readonly (string | Message)[] {
  if (names.length === 0) return ['–'];
  const shown = names.slice(0, MOST_NAMES).map((name) => `“${name}”`);
  const more = names.length - MOST_NAMES;
  return more > 0 ? [...shown, message('report.more', { count: more })] : shown;
}
