/** Red, green and blue from 0 to 255. */
type Rgb = readonly [number, number, number];

/** The colour of a cell and of the number in it. */
export interface CellColor {
  readonly fill: string;
  readonly ink: string;
}

/** Number of steps of a scale: cells of one step are drawn together. */
export const COLOR_STEPS = 32;
/** Share of the colour in the smallest step: a cell that is not 0 is never invisible. */
const LEAST = 0.14;

/**
 * A scale from almost the ground to the full colour in `COLOR_STEPS` steps. The ink of each step is black or white,
 * whichever has the greater contrast: at least 4.58:1 on any colour. Colours are `#rrggbb`.
 */
export function colorScale(ground: string, color: string): readonly CellColor[] {
  const [from, to] = [rgbOf(ground), rgbOf(color)];
  return Array.from({ length: COLOR_STEPS }, (_, step) => {
    const share = LEAST + ((1 - LEAST) * step) / (COLOR_STEPS - 1);
    const mixed = from.map((value, at) => Math.round(value + share * ((to[at] ?? 0) - value)));
    const fill: Rgb = [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0];
    return { fill: hexOf(fill), ink: luminance(fill) > 0.179 ? '#000000' : '#ffffff' };
  });
}

/** The step of a value: the square root keeps small values apart. */
export function stepOf(value: number, largest: number): number {
  if (value <= 0 || largest <= 0) return 0;
  return Math.round(Math.sqrt(value / largest) * (COLOR_STEPS - 1));
}

function rgbOf(hex: string): Rgb {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) || 0;
  return [part(1), part(3), part(5)];
}

function hexOf(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance; WCAG 2.2, "relative luminance". */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
