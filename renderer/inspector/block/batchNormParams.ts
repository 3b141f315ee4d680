import type { BatchNormParams } from '#core/nodes/batchNormParams.ts';

type Names = readonly (keyof BatchNormParams)[];

/** Shown as switches. */
export const SWITCH_PARAMS: Names = ['normalizeBy', 'updateStatistics', 'trainGamma', 'trainBeta'];
/** Shown together with their effect. */
export const GROUP_PARAMS: Names = [
  'ghostSize',
  'renorm',
  'renormMaxR',
  'renormMaxD',
  'renormStart',
  'renormEndR',
  'renormEndD',
];
