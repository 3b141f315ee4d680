import { visibleText } from '../../diagnostics/visibleText.ts';

/** A piece of HTML or SVG, complete and escaped. */
export type Markup = string & { readonly __markup: unique symbol };

/** A text for use in HTML, without control characters. */
export function text(value: string | number): Markup {
  return escaped(visibleText(String(value))) as Markup;
}

/** Pieces one after another. */
export function together(parts: readonly Markup[]): Markup {
  return parts.join('') as Markup;
}

/** An element with its attributes and contents; attributes that are undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...contents: readonly Markup[]
): Markup {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escaped(String(value))}"`]))
    .join('');
  const isVoid = VOID.has(name) && contents.length === 0;
  return (isVoid ? `<${name}${written}>` : `<${name}${written}>${contents.join('')}</${name}>`) as Markup;
}

const VOID = new Set(['meta', 'img']);

/** The contents of a style element, which HTML does not escape. */
export function styleSheet(css: string): Markup {
  return `<style>${css}</style>` as Markup;
}

/** A table; cells of numbers are aligned to the right. */
export function htmlTable(header: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      ...header.map((name, at) => element('th', { class: classOf(rows[0]?.[at]) }, text(name))),
    ),
  );
  const body = rows.map((row) =>
    element('tr', {}, ...row.map((cell) => element('td', { class: classOf(cell) }, text(cell.text)))),
  );
  return element('table', {}, head, element('tbody', {}, ...body));
}

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

export function wordCell(value: string): Cell {
  return { text: value, isNumber: false };
}

export function numberCell(value: string): Cell {
  return { text: value, isNumber: true };
}

function classOf(cell: Cell | undefined): string | undefined {
  return cell?.isNumber === true ? 'number' : undefined;
}

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
