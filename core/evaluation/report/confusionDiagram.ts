import { cellOf, type Confusion } from '../confusion.ts';
import { element, text, type Markup } from './html.ts';

/** With more classes a matrix cannot be read. */
export const MOST_MATRIX_CLASSES = 60;
/** With more classes the cells hold no numbers. */
const MOST_NUMBERED = 24;
const NAME_LETTERS = 18;
/** The title of a cell: true class, class given, images, share of the true class. */
type CellTitle = (from: string, to: string, images: number, share: number) => string;

/**
 * The confusion matrix as SVG: cells of the diagonal in one colour, others in another, as opaque as their share of the
 * row; the square root keeps small shares visible.
 */
export function confusionDiagram(
  confusion: Confusion,
  names: readonly string[],
  { title, cellTitle }: { readonly title: string; readonly cellTitle: CellTitle },
): Markup {
  const { classes } = confusion;
  const side = classes <= 12 ? 46 : classes <= MOST_NUMBERED ? 32 : 14;
  const margin = 24 + 6.6 * Math.min(NAME_LETTERS, longest(names));
  const total = margin + classes * side;
  const rows = names.flatMap((from, row) => {
    const support = names.reduce((sum, _, column) => sum + cellOf(confusion, row, column), 0);
    return names.flatMap((to, column) => {
      const images = cellOf(confusion, row, column);
      if (images === 0) return [];
      const share = images / support;
      const place = { x: margin + column * side, y: margin + row * side, side };
      return cellMarks(images, share, row === column, place, cellTitle(from, to, images, share));
    });
  });
  const frame = { x: margin, y: margin, width: classes * side, height: classes * side };
  return element(
    'svg',
    {
      viewBox: `0 0 ${total + 2} ${total + 2}`,
      width: total + 2,
      height: total + 2,
      role: 'img',
      'aria-label': title,
    },
    ...names.flatMap((name, k) => nameMarks(name, margin, margin + (k + 0.5) * side)),
    element('rect', { ...frame, class: 'line', 'stroke-opacity': 0.5 }),
    ...rows,
  );
}

function cellMarks(
  images: number,
  share: number,
  isRight: boolean,
  { x, y, side }: { x: number; y: number; side: number },
  title: string,
): Markup[] {
  const opacity = 0.08 + 0.87 * Math.sqrt(share);
  const box = element(
    'rect',
    {
      ...{ class: isRight ? 'right' : 'wrong', x: x + 0.5, y: y + 0.5, width: side - 1, height: side - 1 },
      'fill-opacity': opacity.toFixed(3),
    },
    element('title', {}, text(title)),
  );
  if (side < 30) return [box];
  const place = { x: x + side / 2, y: y + side / 2 + 4, 'text-anchor': 'middle', 'pointer-events': 'none' };
  return [box, element('text', { class: 'cell', ...place }, text(images))];
}

/** The name of a class left of its row, and, read from below, above its column. */
function nameMarks(name: string, margin: number, middle: number): Markup[] {
  const letters = [...name];
  const short = letters.length > NAME_LETTERS ? `${letters.slice(0, NAME_LETTERS - 1).join('')}…` : name;
  return [
    element('text', { x: margin - 8, y: middle + 4, 'text-anchor': 'end' }, text(short)),
    element('text', { transform: `translate(${middle + 4} ${margin - 8}) rotate(-90)` }, text(short)),
  ];
}

/** Letters of the longest name; a letter beyond Latin counts twice. */
function longest(names: readonly string[]): number {
  const widths = names.map((name) =>
    [...name].slice(0, NAME_LETTERS).reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0),
  );
  return widths.reduce((most, width) => Math.max(most, width), 4);
}
