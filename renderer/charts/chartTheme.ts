/** Colours of the theme in the form that a canvas needs. */
export interface ChartTheme {
  /** Value of a colour token such as `--series-1`. */
  color(token: string): string;
  readonly text: string;
  readonly ticks: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
}

/** The present values of the tokens at `element`. */
export function readChartTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const color = (token: string): string => style.getPropertyValue(token).trim();
  return {
    color,
    text: color('--text'),
    ticks: color('--faint'),
    grid: color('--line'),
    background: color('--panel'),
    font: style.fontFamily,
  };
}

/** Calls `changed` when the page's theme changes; returns a function that unsubscribes it. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
