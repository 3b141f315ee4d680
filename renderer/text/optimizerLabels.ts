import { OPTIMIZERS } from '#core/optimizers/registry.ts';

/** Names of the optimizers by kind, the same in every language. */
export const optimizerLabels: Readonly<Record<string, string>> = Object.fromEntries(
  OPTIMIZERS.map(({ kind, label }) => [kind, label]),
);
