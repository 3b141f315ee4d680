import { InvalidArgumentError } from 'commander';
import { compilePattern } from '#core/pattern/pattern.ts';
import { inEnglish } from '#core/words/catalogues.ts';

/** `32x32` or `32` as height and width. */
export function parseSize(text: string): { height: number; width: number } {
  const match = /^(\d+)(?:x(\d+))?$/.exec(text);
  const height = Number(match?.[1]);
  const width = Number(match?.[2] ?? match?.[1]);
  if (!match || height < 1 || width < 1)
    throw new InvalidArgumentError('Give a size as HEIGHTxWIDTH, for example 32x32.');
  return { height, width };
}

/** `32x32x3` as height, width, channels. */
export function parseSizeWithChannels(text: string): { height: number; width: number; channels: number } {
  const match = /^(\d+)x(\d+)x(\d+)$/.exec(text);
  const [height, width, channels] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (!match || height < 1 || width < 1 || ![1, 3].includes(channels)) {
    throw new InvalidArgumentError(
      'Give a size as HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, for example 32x32x3.',
    );
  }
  return { height, width, channels };
}

/** An integer from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Integers from `least` to `most`, separated by commas; repeated ones count once. */
export function wholeNumbers(least: number, most: number): (text: string) => readonly number[] {
  const parse = wholeNumber(least, most);
  return (text) => [...new Set(text.split(',').map((part) => parse(part.trim())))];
}

/** A number from `least` (excluded when `open`) to `most`. */
export function realNumber(least: number, most: number, open = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || !(open ? value > least : value >= least) || value > most) {
      throw new InvalidArgumentError(
        `Give a number ${open ? 'above' : 'from'} ${least}${most === Infinity ? '' : ` to ${most}`}.`,
      );
    }
    return value;
  };
}

/** One of a fixed set of words. */
export function oneOf<W extends string>(words: readonly W[]): (text: string) => W {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Choose one of ${words.join(', ')}.`);
    return found;
  };
}

/** `owl=3,cat=0.5` as weights by class name; a name may contain any character but the comma. */
export function parseClassWeights(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const cut = part.lastIndexOf('=');
      const weight = part.slice(cut + 1).trim() === '' ? Number.NaN : Number(part.slice(cut + 1));
      if (cut < 1 || !(weight >= 0 && weight <= 1000)) {
        throw new InvalidArgumentError(
          'Give CLASS=WEIGHT pairs with weights from 0 to 1000, for example owl=3,cat=0.5.',
        );
      }
      return [part.slice(0, cut).trim(), weight];
    }),
  );
}

/** A regular expression that NormLab can match; see `parsePattern` in core. */
export function parsePatternText(text: string): string {
  const compiled = compilePattern(text);
  if (text !== '' && compiled.ok) return text;
  throw new InvalidArgumentError(
    compiled.ok ? 'The pattern is empty.' : `The pattern cannot be used: ${inEnglish(compiled.problem)}.`,
  );
}
