/** A share from 0 to 1 as `91.2 %`, rounded down; `100 %` only where it is exact. */
export function formatPercent(share: number): string {
  const percent = Math.floor(share * 1000) / 10;
  return `${share === 1 ? '100' : percent.toFixed(1)} %`;
}
