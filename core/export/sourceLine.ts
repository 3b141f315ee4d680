import type { NodeId } from '../diagnostics/ids.ts';

/** A line of a written source file. */
export interface SourceLine {
  /** Without the line break. */
  readonly text: string;
  /** The blocks that the line comes from, the main one first; empty for a line of no block. */
  readonly blocks: readonly NodeId[];
}

/** A line of the blocks. */
export function lineOf(text: string, ...blocks: readonly NodeId[]): SourceLine {
  return { text, blocks };
}

/** Lines of no block. */
export function plainLines(...texts: readonly string[]): readonly SourceLine[] {
  return texts.map((text) => lineOf(text));
}

/** The lines with spaces before each. */
export function indented(lines: readonly SourceLine[], spaces: number): readonly SourceLine[] {
  return lines.map(({ text, blocks }) => ({ text: ' '.repeat(spaces) + text, blocks }));
}

/** The text of the file: each line ends with a line break. */
export function sourceText(lines: readonly SourceLine[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}
