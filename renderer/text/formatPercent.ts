/** A share from 0 to 1 as `91.2 %`, rounded; `100 %` only where it is exact. */
export function formatPercent(share: number): string {
  return share === 1 ? '100 %' : `${Math.min(99.9, 100 * share).toFixed(1)} %`;
}
