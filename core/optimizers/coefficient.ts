import { z } from 'zod';
import { numberIn, type Range } from '../diagnostics/range.ts';

/** Largest decay allowed for a moving average; at 1 it would never change. */
export const MAX_DECAY = 0.999_999_9;

/** Help text of the command line's option; `kinds` are the optimizers that have the coefficient. */
type OptionHelp = (kinds: readonly string[]) => string;

interface NumberCoefficient extends Range {
  readonly type: 'number';
  readonly option: OptionHelp;
  /** Schema of its value in a project file. */
  readonly schema: z.ZodNumber;
}

interface FlagCoefficient {
  readonly type: 'flag';
  readonly option: OptionHelp;
  readonly schema: z.ZodBoolean;
}

/**
 * A number or a flag of an optimizer, with the limits that file format, command line and inspector share. Its name is
 * that of the setting; the inspector's texts are `editor.training.<name>` of the messages.
 */
export type Coefficient = NumberCoefficient | FlagCoefficient;

export function numberCoefficient(range: Range, option: OptionHelp): NumberCoefficient {
  return { type: 'number', ...range, option, schema: numberIn(range) };
}

export function flagCoefficient(option: OptionHelp): FlagCoefficient {
  return { type: 'flag', option, schema: z.boolean() };
}
