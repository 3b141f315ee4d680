/** Header of a Truevision TGA file (specification 2.0). */
export interface TgaHeader {
  readonly width: number;
  readonly height: number;
  /** Palette indices, colours, or grey. */
  readonly kind: 'palette' | 'colour' | 'grey';
  readonly isPacked: boolean;
  /** Bits of a stored pixel. */
  readonly bits: number;
  /** Bits of transparency per pixel, as the header declares. */
  readonly alphaBits: number;
  readonly isTopDown: boolean;
  readonly isRightToLeft: boolean;
  readonly palette: {
    readonly first: number;
    readonly count: number;
    readonly bits: number;
    readonly at: number;
  };
  readonly dataAt: number;
}

const KINDS: Readonly<Record<number, TgaHeader['kind']>> = { 1: 'palette', 2: 'colour', 3: 'grey' };

/** Reads the header; null where it is truncated or of an unknown type. */
export function readTgaHead(bytes: Buffer): TgaHeader | null {
  if (bytes.length < 18) return null;
  const type = bytes[2] ?? 0;
  const kind = KINDS[type & 7];
  if (kind === undefined || (type & ~8) > 3) return null;
  const flags = bytes[17] ?? 0;
  const count = bytes[1] === 1 ? bytes.readUInt16LE(5) : 0;
  const palette = { first: bytes.readUInt16LE(3), count, bits: bytes[7] ?? 0, at: 18 + (bytes[0] ?? 0) };
  return {
    width: bytes.readUInt16LE(12),
    height: bytes.readUInt16LE(14),
    kind,
    isPacked: type >= 9,
    bits: bytes[16] ?? 0,
    alphaBits: flags & 15,
    isTopDown: (flags & 32) !== 0,
    isRightToLeft: (flags & 16) !== 0,
    palette,
    dataAt: palette.at + count * Math.ceil(palette.bits / 8),
  };
}

/** Minimum size of a complete file in bytes; with run-length encoding, one packet for each 128 pixels. */
export function tgaBytes({ width, height, bits, isPacked, dataAt }: TgaHeader): number {
  const pixelBytes = Math.ceil(bits / 8);
  const pixels = width * height;
  return dataAt + (isPacked ? Math.ceil(pixels / 128) * (1 + pixelBytes) : pixels * pixelBytes);
}
