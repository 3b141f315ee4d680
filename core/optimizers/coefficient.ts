import { z } from 'zod';
import { numberIn, type Range } from '../diagnostics/range.ts';

/** Largest decay of a moving average that still moves. */
export const MAX_DECAY = 0.999_999_9;

/** Help text of the command line's option; `kinds` are the optimizers that have the coefficient. */
type OptionHelp = (kinds: readonly string[]) => string;

interface NumberCoefficient extends Range {
  readonly type: 'number';
  readonly option: OptionHelp;
  /** What a project file may hold. */
  readonly schema: z.ZodNumber;
}

interface FlagCoefficient {
  readonly type: 'flag';
  readonly option: OptionHelp;
  readonly schema: z.ZodBoolean;
}

/**
 * A number or a switch of an optimizer: its limits, once for file format, command line and inspector. Its name is that
 * of the setting; the inspector's texts stand under `editor.training.<name>` of the messages.
 */
export type Coefficient = NumberCoefficient | FlagCoefficient;

export function numberCoefficient(range: Range, option: OptionHelp): NumberCoefficient {
  return { type: 'number', ...range, option, schema: numberIn(range) };
}

export function flagCoefficient(option: OptionHelp): FlagCoefficient {
  return { type: 'flag', option, schema: z.boolean() };
}
