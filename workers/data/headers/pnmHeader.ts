/** The header of a PNM file (netpbm's pbm, pgm and ppm formats). */
export interface PnmHeader {
  /** P1 to P6: bits, grey, colour as text; then the same in binary form. */
  readonly kind: 1 | 2 | 3 | 4 | 5 | 6;
  readonly width: number;
  readonly height: number;
  /** The value of white; 1 for bits. */
  readonly most: number;
  /** Offset of the samples. */
  readonly dataAt: number;
}

/** Longer headers are refused: only comments could make them so long. */
const HEADER_BYTES = 64 * 1024;

/** Reads the header; null where there is none, or one with an invalid number. */
export function readPnmHead(bytes: Buffer): PnmHeader | null {
  const kind = (bytes[1] ?? 0) - 0x30;
  if (bytes[0] !== 0x50 || !isKind(kind)) return null;
  const text = bytes.toString('latin1', 2, Math.min(bytes.length, HEADER_BYTES));
  const wanted = kind === 1 || kind === 4 ? 2 : 3;
  // White space and comments, then a number; one white space ends the header.
  const token = /(?:\s|#[^\n\r]*[\n\r])+(\d{1,9})/y;
  const numbers: number[] = [];
  for (let at = 0; numbers.length < wanted; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return null;
    numbers.push(Number(found[1]));
  }
  const end = 2 + token.lastIndex;
  const [width = 0, height = 0, most = 1] = numbers;
  if (most < 1 || most > 65_535 || !/^\s/.test(text.slice(end - 2, end - 1))) return null;
  return { kind, width, height, most, dataAt: end + 1 };
}

/** Minimum size of a complete file in bytes. */
export function pnmBytes({ kind, width, height, most, dataAt }: PnmHeader): number {
  const perRow = kind === 4 ? Math.ceil(width / 8) : width * (kind === 6 ? 3 : 1) * (most > 255 ? 2 : 1);
  // As text, a bit takes at least one character, any other sample a digit and a space.
  const asText = width * height * (kind === 1 ? 1 : kind === 2 ? 2 : 6) - 1;
  return dataAt + (kind >= 4 ? perRow * height : asText);
}

function isKind(kind: number): kind is PnmHeader['kind'] {
  return kind >= 1 && kind <= 6;
}
