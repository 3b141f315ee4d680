/** The colours of viridis (matplotlib) at 0, 1/8, … 1: the lightness grows evenly, and a grey print keeps the order. */
const VIRIDIS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** The colour of a value from 0 to 1 in bytes; a value outside has that of the nearer end, NaN black. */
export function colourAt(value: number): readonly [number, number, number] {
  if (Number.isNaN(value)) return [0, 0, 0];
  const position = Math.min(1, Math.max(0, value)) * (VIRIDIS.length - 1);
  const first = Math.min(VIRIDIS.length - 2, Math.floor(position));
  const [low = [0, 0, 0], high = [0, 0, 0]] = VIRIDIS.slice(first, first + 2);
  const between = (index: 0 | 1 | 2): number =>
    Math.round(low[index] + (high[index] - low[index]) * (position - first));
  return [between(0), between(1), between(2)];
}
