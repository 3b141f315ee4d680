import { visibleText } from '#core/diagnostics/visibleText.ts';

/** Columns of a terminal that output is made to fit. */
export const TERMINAL_COLUMNS = 80;

/** Characters that a terminal shows in two columns: East Asian wide and fullwidth ones, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const MARK = /^\p{Mark}$/u;

/** Columns that a text takes on a terminal. */
export function columnsOfText(text: string): number {
  let columns = 0;
  for (const character of text) columns += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** A text without control characters in at most `columns` columns; a longer one loses its end. */
export function shortened(text: string, columns: number): string {
  const visible = visibleText(text);
  if (columnsOfText(visible) <= columns) return visible;
  return `${firstColumns([...visible], columns - 1).join('')}…`;
}

/** As `shortened`, for paths: a longer one loses its beginning. */
export function shortenedPath(text: string, columns: number): string {
  const visible = visibleText(text);
  if (columnsOfText(visible) <= columns) return visible;
  return `…${firstColumns([...visible].reverse(), columns - 1)
    .reverse()
    .join('')}`;
}

/** The first characters, as many as fit. */
function firstColumns(characters: readonly string[], columns: number): string[] {
  let taken = 0;
  const end = characters.findIndex((character) => {
    taken += columnsOfText(character);
    return taken > columns;
  });
  return characters.slice(0, end < 0 ? characters.length : end);
}

/**
 * A table whose first column is shortened so that no line is wider than the terminal; the other columns are aligned to
 * the right.
 */
export function fittedTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => columnsOfText(row[column] ?? ''))));
  const others = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const first = Math.min(widths[0] ?? 0, Math.max(8, TERMINAL_COLUMNS - others));
  return all
    .map(([name = '', ...cells]) => {
      const rest = cells.map((cell, at) => `  ${padStart(cell, widths[at + 1] ?? 0)}`).join('');
      return `${padEnd(shortened(name, first), first)}${rest}`.trimEnd();
    })
    .join('\n');
}

function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOfText(text)));
}

function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOfText(text))) + text;
}

/** A sentence in lines of at most 80 columns. */
export function wrapped(text: string): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined) return [word];
    if (columnsOfText(`${last} ${word}`) <= TERMINAL_COLUMNS)
      return [...lines.slice(0, -1), `${last} ${word}`];
    return [...lines, word];
  }, []);
}
