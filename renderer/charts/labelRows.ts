/** A text to be placed along a line, in pixels. */
interface Label {
  readonly at: number;
  /** Its wordings, the best first. */
  readonly widths: readonly number[];
}

/** Its placement: the wording, its left edge, and its row from 0. */
interface PlacedLabel {
  readonly choice: number;
  readonly left: number;
  readonly row: number;
}

const GAP_PX = 6;

/**
 * Places each label beside its position, between `from` and `to`, in the first of `rows` where it overlaps no other, in
 * the first of its wordings that fits; null for a label without a place.
 */
export function placeLabels(
  labels: readonly Label[],
  span: { readonly from: number; readonly to: number },
  rows: number,
): readonly (PlacedLabel | null)[] {
  const taken: Taken[] = [];
  return labels.map(({ at, widths }) => {
    for (const [choice, width] of widths.entries()) {
      const left = at + GAP_PX + width <= span.to ? at + GAP_PX : at - GAP_PX - width;
      const row = left < span.from ? -1 : freeRow(taken, { left, right: left + width }, rows);
      if (row < 0) continue;
      taken.push({ left, right: left + width, row });
      return { choice, left, row };
    }
    return null;
  });
}

interface Taken {
  readonly left: number;
  readonly right: number;
  readonly row: number;
}

function freeRow(taken: readonly Taken[], { left, right }: Omit<Taken, 'row'>, rows: number): number {
  return Array.from({ length: rows }, (_, row) => row).findIndex((row) =>
    taken.every((other) => other.row !== row || right + GAP_PX <= other.left || left >= other.right + GAP_PX),
  );
}

/**
 * Arranges widths into rows, `gap` apart, none wider than `most`; returns the indices of each row. A width above `most`
 * has a row of its own.
 */
export function wrapRows(widths: readonly number[], gap: number, most: number): readonly number[][] {
  const rows: number[][] = [];
  let used = Infinity;
  widths.forEach((width, index) => {
    if (used + gap + width > most) {
      rows.push([]);
      used = -gap;
    }
    rows.at(-1)?.push(index);
    used += gap + width;
  });
  return rows;
}

/** `text` cut in its middle until `widthOf` it is at most `most`: names of one project's runs differ at their ends. */
export function fitText(text: string, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  const signs = [...text];
  for (let kept = signs.length - 1; kept > 1; kept -= 1) {
    const head = signs
      .slice(0, Math.ceil(kept / 2))
      .join('')
      .trimEnd();
    const tail = signs
      .slice(signs.length - Math.floor(kept / 2))
      .join('')
      .trimStart();
    const cut = `${head}…${tail}`;
    if (widthOf(cut) <= most) return cut;
  }
  return '…';
}
