import type { DataSummary } from '#core/contract/dataSummary.ts';
import { lookOf } from '#core/document/lookalikes.ts';

/** Sorted names of the classes that only one of two folders has; empty when validation can use the training classes. */
export function classDifference(
  train: Pick<DataSummary, 'classes'>,
  validation: Pick<DataSummary, 'classes'>,
): string[] {
  const onlyIn = (here: Pick<DataSummary, 'classes'>, there: Pick<DataSummary, 'classes'>): string[] => {
    const looks = new Set(there.classes.map(({ name }) => lookOf(name)));
    return here.classes.map(({ name }) => name).filter((name) => !looks.has(lookOf(name)));
  };
  return [...onlyIn(train, validation), ...onlyIn(validation, train)].sort();
}
