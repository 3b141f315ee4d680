import { z } from 'zod';
import { must } from '../diagnostics/invariantError.ts';
import { binaryCrossEntropy } from './binaryCrossEntropy.ts';
import { crossEntropy } from './crossEntropy.ts';
import { focal } from './focal.ts';
import { mse } from './mse.ts';

/** Every loss function, in display order. */
export const LOSSES = [crossEntropy, binaryCrossEntropy, focal, mse] as const;

const [first, ...others] = LOSSES;

/** Loss function and its numbers, as a project file holds them. */
export const lossSchema = z.discriminatedUnion('kind', [first.schema, ...others.map(({ schema }) => schema)]);
export type LossSettings = z.infer<typeof lossSchema>;
export type LossKind = LossSettings['kind'];

export const LOSS_KINDS: readonly LossKind[] = LOSSES.map(({ kind }) => kind);

/** Returns the loss function with the given name. Throws `InvariantError` for an unknown name. */
export function lossOf(kind: string): (typeof LOSSES)[number] {
  return must(
    LOSSES.find((loss) => loss.kind === kind),
    `the loss ${kind}`,
  );
}

/** A number of a loss, by its name among all settings: `focalGamma` is `gamma` of focal. */
interface NamedLossNumber {
  readonly kind: LossKind;
  readonly field: string;
  readonly name: string;
  readonly number: (typeof LOSSES)[number]['numbers'][string];
}

export const LOSS_NUMBERS: readonly NamedLossNumber[] = LOSSES.flatMap(({ kind, numbers }) =>
  Object.entries(numbers).map(([field, number]) => ({
    ...{ kind, field, number },
    name: `${kind}${field.charAt(0).toUpperCase()}${field.slice(1)}`,
  })),
);
