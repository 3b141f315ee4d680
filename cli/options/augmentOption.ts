import { InvalidArgumentError } from 'commander';
import { NO_AUGMENTATION, type Augmentation } from '#core/augment/augmentation.ts';
import { BORDERS } from '#core/augment/warp.ts';
import { AUGMENT_ITEMS, type AugmentItem } from './augmentItems.ts';

/** The values of `--augment`, for its help text. */
export const AUGMENT_HELP =
  'random changes to training images, for example flip,shift=2px,rotate=10; none switches them off (see README)';

/**
 * Parses `name[=value][@probability],…`, for example `flip,shift=2px,rotate=10@0.5,scale=0.8..1.2,border=reflect`, or
 * `none`. Throws `InvalidArgumentError` naming the item and its syntax.
 */
export function parseAugment(text: string): Augmentation {
  if (text.trim() === 'none') return NO_AUGMENTATION;
  let augmentation: Augmentation = NO_AUGMENTATION;
  const seen = new Set<string>();
  for (const part of text.split(',')) {
    const { name, value, chance } = splitItem(part);
    if (seen.has(name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
    seen.add(name);
    augmentation =
      name === 'border'
        ? { ...augmentation, border: borderOf(value, chance) }
        : withItem(augmentation, name, value, chance);
  }
  return augmentation;
}

interface ItemText {
  readonly name: string;
  readonly value: string | null;
  readonly chance: number | null;
}

function splitItem(part: string): ItemText {
  const match = /^\s*([A-Za-z]+)\s*(?:=([^@]*))?(?:@(.*))?$/.exec(part);
  if (!match)
    throw new InvalidArgumentError(
      `"${part.trim()}" is not an item; write name=value, for example shift=2px.`,
    );
  const [, name = '', value = null, chance] = match;
  if (chance === undefined) return { name, value, chance: null };
  const share = chance.trim() === '' ? NaN : Number(chance);
  if (!(share >= 0 && share <= 1))
    throw new InvalidArgumentError(`"${part.trim()}": after @ belongs a probability from 0 to 1.`);
  return { name, value, chance: share };
}

function borderOf(value: string | null, chance: number | null): Augmentation['border'] {
  const border = BORDERS.find((candidate) => candidate === value?.trim());
  if (border === undefined || chance !== null)
    throw new InvalidArgumentError(`border is one of ${BORDERS.join(', ')}.`);
  return border;
}

function withItem(
  augmentation: Augmentation,
  name: string,
  value: string | null,
  chance: number | null,
): Augmentation {
  const item: AugmentItem | undefined = Object.hasOwn(AUGMENT_ITEMS, name) ? AUGMENT_ITEMS[name] : undefined;
  if (item === undefined) {
    const names = [...Object.keys(AUGMENT_ITEMS), 'border'].join(', ');
    throw new InvalidArgumentError(`There is no "${name}"; the names are ${names}, or none alone.`);
  }
  const changed = item.apply(augmentation, value?.trim() ?? null, chance);
  if (changed === null) throw new InvalidArgumentError(`"${name}" is written ${item.form}.`);
  return changed;
}
