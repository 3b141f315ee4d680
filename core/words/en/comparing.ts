/** The comparison of two models. */
export const comparing = {
  sameWeights: 'All tensors are equal.',
} as const;
