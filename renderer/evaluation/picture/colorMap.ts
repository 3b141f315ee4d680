/** The colour map viridis (van der Walt and Smith, 2015) at 16 equal steps: equal steps look equally large. */
const VIRIDIS = [
  ...['440154', '481a6c', '472f7d', '414487', '39568c', '31688e', '2a788e', '23888e'],
  ...['1f988b', '22a884', '35b779', '54c568', '7ad151', 'a5db36', 'd2e21b', 'fde725'],
].map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

type Rgb = readonly [number, number, number];

/** Between two steps the colours are mixed. */
function mixedAt(share: number): Rgb {
  const place = share * (VIRIDIS.length - 1);
  const below = Math.floor(place);
  const [one = [], other = one] = [VIRIDIS[below], VIRIDIS[below + 1]];
  const mixed = (at: number): number => {
    const [from = 0, to = from] = [one[at], other[at]];
    return Math.round(from + (to - from) * (place - below));
  };
  return [mixed(0), mixed(1), mixed(2)];
}

/** 256 colours: a picture looks one up for each pixel. */
const TABLE: readonly Rgb[] = Array.from({ length: 256 }, (_, at) => mixedAt(at / 255));

/** The colour for a share from 0 (dark blue) to 1 (yellow): red, green and blue from 0 to 255. */
export function colorOf(share: number): Rgb {
  return TABLE[Math.round(255 * Math.min(1, Math.max(0, share)))] ?? [0, 0, 0];
}

/** The colour map as a CSS gradient from left to right, for a legend. */
export function colorGradient(): string {
  const stops = VIRIDIS.map((_, at) => `rgb(${colorOf(at / (VIRIDIS.length - 1)).join(' ')})`);
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
