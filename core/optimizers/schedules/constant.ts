import { defineSchedule } from './definition.ts';

/** The base rate throughout. */
export const constant = defineSchedule({
  kind: 'constant',
  settings: {},
  numbers: {},
  spansTheRun: false,
  factor: () => 1,
});
