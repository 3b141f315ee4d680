import { AppError } from '../diagnostics/appError.ts';
import type { SamplerSettings } from '../document/samplerSettings.ts';
import { must } from '../diagnostics/invariantError.ts';
import { message } from '../words/message.ts';
import { epochOrder, openStream } from './random.ts';

/** Returns the sample numbers of an epoch (from 0) in training order; every epoch has the same length. */
export type EpochOrder = (epoch: number) => Uint32Array;

export interface SamplerSubject {
  /** Class of each sample. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  readonly seed: number;
  readonly shuffle: boolean;
}

/**
 * The order in which a run visits its samples: a function of only seed, settings and epoch, so a resumed run continues
 * in the same order. With 'balanced' and 'weighted' an epoch has as many samples as with 'all', divided among the
 * classes by quotas (`classQuotas`). Each class draws from a shuffled deck of its images, and from a newly shuffled one
 * when that is used up. Over the epochs all images of a class thus occur equally often, unlike in drawing with
 * replacement. Throws `AppError('arguments')` for weights of unknown classes, and when all weights are 0.
 */
export function openSampler(sampler: SamplerSettings, subject: SamplerSubject): EpochOrder {
  const { labels, seed, shuffle } = subject;
  if (sampler.kind === 'all') return (epoch) => epochOrder(labels.length, seed, epoch, shuffle);
  const classes = membersByClass(labels, subject.classNames.length);
  const quotas = quotasOf(sampler, subject, classes);
  const decks = classes.map((members, index) => openDeck(members, seed, index));
  return (epoch) => {
    const drawn = new Uint32Array(labels.length);
    let at = 0;
    quotas.forEach((quota, index) => {
      const deck = must(decks[index], 'deck of a class');
      for (let turn = 0; turn < quota; turn += 1, at += 1) drawn[at] = deck(epoch * quota + turn);
    });
    if (!shuffle) return drawn.sort();
    return epochOrder(drawn.length, seed, epoch, true).map((position) => drawn[position] ?? 0);
  };
}

/** Samples of each class in an epoch; null where an epoch takes every sample once. Throws as `openSampler` does. */
export function samplerQuotas(
  sampler: SamplerSettings,
  subject: Pick<SamplerSubject, 'labels' | 'classNames'>,
): readonly number[] | null {
  if (sampler.kind === 'all') return null;
  return quotasOf(sampler, subject, membersByClass(subject.labels, subject.classNames.length));
}

function quotasOf(
  sampler: Exclude<SamplerSettings, { kind: 'all' }>,
  subject: Pick<SamplerSubject, 'classNames'>,
  classes: readonly Uint32Array[],
): number[] {
  return classQuotas(
    classes.map(({ length }) => length),
    classWeights(sampler, subject, classes),
  );
}

/**
 * Divides as many samples as there are images among the classes: class c gets a quota proportional to `counts[c] *
 * weights[c]`, rounded by largest remainders (ties to the lower index), so the quotas add up exactly.
 */
export function classQuotas(counts: readonly number[], weights: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count, index) => count * (weights[index] ?? 0));
  const sum = shares.reduce((left, right) => left + right, 0);
  const exact = shares.map((share) => (sum > 0 ? (share / sum) * total : 0));
  const quotas = exact.map(Math.floor);
  const missing = total - quotas.reduce((left, right) => left + right, 0);
  exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
    .slice(0, missing)
    .forEach(({ index }) => (quotas[index] = (quotas[index] ?? 0) + 1));
  return quotas;
}

function classWeights(
  sampler: Exclude<SamplerSettings, { kind: 'all' }>,
  { classNames }: Pick<SamplerSubject, 'classNames'>,
  classes: readonly Uint32Array[],
): number[] {
  if (sampler.kind === 'balanced') return classes.map(({ length }) => (length === 0 ? 0 : 1 / length));
  const unknown = Object.keys(sampler.weights).find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    const values = { name: unknown, classes: classNames };
    throw new AppError('arguments', message('starting.unknownSamplerClass', values));
  }
  const given = new Map(Object.entries(sampler.weights));
  const weights = classNames.map((name) => given.get(name) ?? 1);
  if (weights.some((weight, index) => weight > 0 && must(classes[index], 'class').length > 0)) return weights;
  throw new AppError('arguments', message('starting.noSamplerClass'));
}

function membersByClass(labels: Int32Array, classes: number): Uint32Array[] {
  const lists: number[][] = Array.from({ length: classes }, () => []);
  labels.forEach((label, sample) => lists[label]?.push(sample));
  return lists.map((list) => Uint32Array.from(list));
}

/** The images of a class as an endless sequence of shuffled decks; `position` counts from 0. */
function openDeck(members: Uint32Array, seed: number, classIndex: number): (position: number) => number {
  let open = { number: -1, cards: members };
  return (position) => {
    const number = Math.floor(position / members.length);
    if (number !== open.number) open = { number, cards: shuffledDeck(members, seed, classIndex, number) };
    return must(open.cards[position % members.length], 'card of a deck');
  };
}

function shuffledDeck(members: Uint32Array, seed: number, classIndex: number, number: number): Uint32Array {
  const deckSeed = openStream(seed, `deck:${classIndex}`).uint32();
  return epochOrder(members.length, deckSeed, number, true).map((position) => members[position] ?? 0);
}
