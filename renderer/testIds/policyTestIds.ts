/** `data-testid` values of the comparison of BatchNorm policies. */
export const policyTestIds = {
  open: 'compare-policies',
  openInPlan: 'compare-policies-in-plan',
  dialog: 'compare-dialog',
  policy: (policy: string): string => `compare-policy-${policy}`,
  epochs: 'compare-epochs',
  cost: 'compare-cost',
  refusal: 'compare-refusal',
  start: 'compare-start',
  panel: 'comparison',
  verdict: 'comparison-verdict',
  row: (policy: string): string => `comparison-row-${policy}`,
  use: (policy: string): string => `comparison-use-${policy}`,
  stop: 'comparison-stop',
  other: 'comparison-other',
  startStatistics: 'start-statistics',
};
