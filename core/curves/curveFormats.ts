/** Formats of the figures of a run, which are no model files: a table, and a folder for TensorBoard. */
export const CURVE_FORMATS = ['csv', 'tensorboard'] as const;
export type CurveFormat = (typeof CURVE_FORMATS)[number];
