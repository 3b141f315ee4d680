import type { DataSummary } from '#core/contract/dataSummary.ts';

/** Names of classes that only one of two folders has, sorted; empty when validation can use the training classes. */
export function classDifference(
  train: Pick<DataSummary, 'classes'>,
  validation: Pick<DataSummary, 'classes'>,
): string[] {
  const trainNames = new Set(train.classes.map((entry) => entry.name));
  const validationNames = new Set(validation.classes.map((entry) => entry.name));
  const onlyTrain = [...trainNames].filter((name) => !validationNames.has(name));
  const onlyValidation = [...validationNames].filter((name) => !trainNames.has(name));
  return [...onlyTrain, ...onlyValidation].sort();
}
