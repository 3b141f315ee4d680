/** What trains, and what stays frozen. */
export const fineTuning = {
  frozenBlock: 'frozen',
} as const;
