import type { NodeId } from '#core/diagnostics/ids.ts';

/** A column of `RowTable`. */
export interface Column {
  /** Unique in the table. */
  readonly key: string;
  readonly label: string;
  readonly help?: string | undefined;
  /** Aligned right, with tabular figures. */
  readonly isFigure?: boolean;
  /** Pixels; columns without one share the rest. */
  readonly width?: number;
}

export interface Cell {
  readonly text: string;
  /** Marked by a sign and a colour. */
  readonly differs?: boolean;
  readonly isDim?: boolean;
  /** What the column is sorted by; the text where it is absent. */
  readonly sort?: number;
}

/** A row of `RowTable`, with a cell for each column; the first is its name. */
export interface Row {
  readonly key: string;
  /** The block of the merged graph that the row leads to. */
  readonly block: NodeId | null;
  readonly differs: boolean;
  readonly cells: readonly Cell[];
}

/** How a table is sorted; null: as it came. */
export interface Order {
  readonly column: number;
  readonly isDown: boolean;
}

/** The rows that match a search in their name, sorted. The order of equal rows does not change. */
export function rowsInView(
  rows: readonly Row[],
  { query, onlyDiffering, order }: { query: string; onlyDiffering: boolean; order: Order | null },
): readonly Row[] {
  const wanted = query.trim().toLowerCase();
  const found = rows.filter(
    (row) => (!onlyDiffering || row.differs) && (wanted === '' || nameOf(row).toLowerCase().includes(wanted)),
  );
  if (order === null) return found;
  const sign = order.isDown ? -1 : 1;
  return found.toSorted((a, b) => sign * compareCells(a.cells[order.column], b.cells[order.column]));
}

/** The order after a click on a column: figures begin with the largest, texts with the first; a third click ends it. */
export function nextOrder(order: Order | null, column: number, isFigure: boolean): Order | null {
  if (order?.column !== column) return { column, isDown: isFigure };
  return order.isDown === isFigure ? { column, isDown: !isFigure } : null;
}

function nameOf({ cells }: Row): string {
  return cells[0]?.text ?? '';
}

function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.sort !== undefined || b?.sort !== undefined) return (a?.sort ?? -1) - (b?.sort ?? -1);
  return (a?.text ?? '').localeCompare(b?.text ?? '', undefined, { numeric: true });
}

/** The table as lines of cells that are separated by tabs, as spreadsheets read them. */
export function asText(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ label }) => label),
    ...rows.map(({ cells }) => cells.map(({ text }) => text.replace(/\s+/g, ' '))),
  ];
  return lines.map((cells) => cells.join('\t')).join('\n');
}
