/** ICC profiles for tests: a matrix and three curves, as cameras and image editors embed them. */

/** Colorants of sRGB in XYZ as Hewlett-Packard's profile has them, and of Display P3: red, green, blue. */
export const SRGB_PRIMARIES = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
] as const;
export const P3_PRIMARIES = [
  [0.51512, 0.2412, -0.00105],
  [0.29198, 0.69225, 0.04189],
  [0.1571, 0.06657, 0.78407],
] as const;

interface ProfileParts {
  readonly primaries: readonly (readonly number[])[];
  /** Bodies of rTRC, gTRC and bTRC. */
  readonly curves: readonly Buffer[];
  /** Name and body. */
  readonly moreTags?: readonly (readonly [string, Buffer])[];
}

/**
 * A monitor's RGB profile. Header offsets: size 0, class 12, colour spaces 16 and 20, signature 36, number of tags 128.
 */
export function makeProfile({ primaries, curves, moreTags = [] }: ProfileParts): Buffer {
  const tags: (readonly [string, Buffer])[] = [
    ['desc', Buffer.concat([typed('desc'), Buffer.alloc(82)])],
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ...[...'rgb'].map((name, at) => [`${name}XYZ`, xyz(primaries[at] ?? [])] as const),
    ...[...'rgb'].map((name, at) => [`${name}TRC`, curves[at] ?? Buffer.alloc(0)] as const),
    ...moreTags,
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  let at = 128 + table.length;
  for (const [index, [name, body]] of tags.entries()) {
    table.write(name, 4 + index * 12, 'latin1');
    table.writeUInt32BE(at, 8 + index * 12);
    table.writeUInt32BE(body.length, 12 + index * 12);
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
    bodies.push(padded);
    at += padded.length;
  }
  return Buffer.concat([headerOf(at), table, ...bodies]);
}

function headerOf(size: number): Buffer {
  const header = Buffer.alloc(128);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(0x02100000, 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  [1998, 2, 9, 6, 49, 0].forEach((part, index) => header.writeUInt16BE(part, 24 + index * 2));
  header.write('acsp', 36, 'latin1');
  [0.9642, 1, 0.8249].forEach((part, index) => header.writeInt32BE(fixed(part), 68 + index * 4));
  return header;
}

function typed(type: string): Buffer {
  return Buffer.from(`${type}\0\0\0\0`, 'latin1');
}

function fixed(value: number): number {
  return Math.round(value * 65536);
}

function xyz(values: readonly number[]): Buffer {
  const body = Buffer.alloc(12);
  values.forEach((value, at) => body.writeInt32BE(fixed(value), at * 4));
  return Buffer.concat([typed('XYZ '), body]);
}

/** A curve with this many entries; `light` maps a value to linear light, both from 0 to 1. */
export function curveTable(entries: number, light: (value: number) => number): Buffer {
  const body = Buffer.alloc(4 + entries * 2);
  body.writeUInt32BE(entries, 0);
  for (let at = 0; at < entries; at++)
    body.writeUInt16BE(Math.round(65535 * light(at / (entries - 1))), 4 + at * 2);
  return Buffer.concat([typed('curv'), body]);
}

/** A power curve. */
export function gammaCurve(gamma: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(1, 0);
  body.writeUInt16BE(Math.round(gamma * 256), 4);
  return Buffer.concat([typed('curv'), body]);
}

/** The formula of sRGB, with another exponent where one is passed. */
export function formulaCurve(exponent = 2.4): Buffer {
  const body = Buffer.alloc(24);
  body.writeUInt16BE(3, 0);
  [exponent, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].forEach((value, at) =>
    body.writeInt32BE(fixed(value), 4 + at * 4),
  );
  return Buffer.concat([typed('para'), body]);
}

/** Linear light of an sRGB value: IEC 61966-2-1. */
export function srgbLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** A JPEG with a profile split into as many chunks as are passed. */
export function withProfile(jpeg: Buffer, ...pieces: readonly Buffer[]): Buffer {
  const segments = pieces.flatMap((piece, index) => {
    const head = Buffer.alloc(18);
    head.writeUInt16BE(0xffe2, 0);
    head.writeUInt16BE(16 + piece.length, 2);
    head.write('ICC_PROFILE\0', 4, 'latin1');
    head.set([index + 1, pieces.length], 16);
    return [head, piece];
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}
