import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  curveTable,
  formulaCurve,
  gammaCurve,
  makeProfile,
  P3_PRIMARIES,
  SRGB_PRIMARIES,
  srgbLight,
  withProfile,
} from '../testing/colourProfile.ts';
import { decodeGenerally } from './generalDecoder.ts';
import { imageAddon, type ImageAddon } from './imageAddon.ts';

const addon = imageAddon();
const SIDE = 64;
const target = { width: SIDE, height: SIDE, channels: 3, resize: 'stretch' } as const;
const thrice = (curve: Buffer): Buffer[] => [curve, curve, curve];
const srgb = makeProfile({ primaries: SRGB_PRIMARIES, curves: thrice(curveTable(1024, srgbLight)) });

/** A grid of colours that includes dark and saturated ones. */
async function colours(grey = false): Promise<Buffer> {
  let random = 1;
  const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return Math.min(255, Math.max(0, (random >>> 24) * 2 - 128));
  });
  const image = sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });
  return (grey ? image.toColourspace('b-w') : image)
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

let jpeg: Buffer;
beforeAll(async () => {
  jpeg = await colours();
});

function decoded(bytes: Uint8Array): Buffer | null {
  const out = Buffer.alloc(SIDE * SIDE * 3);
  return (addon as ImageAddon).decode({ bytes, target, out }) ? out : null;
}

async function greatestDifference(bytes: Buffer, direct: Buffer): Promise<number> {
  const { pixels } = await decodeGenerally(bytes, target);
  return direct.reduce((most, value, at) => Math.max(most, Math.abs(value - (pixels[at] ?? 0))), 0);
}

/** sRGB's primaries with one number changed. */
function moved(primary: number, axis: number, by: number): number[][] {
  return SRGB_PRIMARIES.map((values, at) =>
    values.map((value, index) => (at === primary && index === axis ? value + by : value)),
  );
}

/** The profile with other bytes at an offset. */
function changed(at: number, bytes: string | number[]): Buffer {
  const copy = Buffer.from(srgb);
  copy.set(Buffer.from(bytes as string, 'latin1'), at);
  return copy;
}

describe.skipIf(addon === null)('colour profiles in JPEGs (skipped where the addon is not built)', () => {
  it.each([
    ['a table of 1,024 entries', (): Buffer => srgb],
    [
      'a table of 4,096',
      () => makeProfile({ primaries: SRGB_PRIMARIES, curves: thrice(curveTable(4096, srgbLight)) }),
    ],
    ['its formula', () => makeProfile({ primaries: SRGB_PRIMARIES, curves: thrice(formulaCurve()) })],
    [
      'primaries rounded otherwise',
      () => makeProfile({ primaries: moved(2, 2, -0.0002), curves: thrice(formulaCurve()) }),
    ],
  ])(
    'take the direct way with sRGB by %s, unchanged and within a level of colour management',
    async (_, profile) => {
      const bytes = withProfile(jpeg, profile());
      const direct = decoded(bytes);
      expect(direct).toEqual(decoded(jpeg));
      expect(await greatestDifference(bytes, direct ?? Buffer.alloc(0))).toBeLessThanOrEqual(1);
    },
  );

  it('take the direct way with the sRGB profile that sharp embeds', async () => {
    const bytes = await sharp(await colours())
      .withIccProfile('srgb')
      .jpeg()
      .toBuffer();
    expect((await sharp(bytes).metadata()).icc).toBeDefined();
    expect(decoded(bytes)).not.toBeNull();
  });

  const curves = thrice(formulaCurve());
  const primaries = SRGB_PRIMARIES;
  it.each<[string, () => Buffer[]]>([
    ['Display P3', () => [makeProfile({ primaries: P3_PRIMARIES, curves })]],
    ['a gamma of 2.2', () => [makeProfile({ primaries, curves: thrice(gammaCurve(2.2)) })]],
    [
      'one other curve',
      () => [makeProfile({ primaries, curves: [formulaCurve(), formulaCurve(2.38), formulaCurve()] })],
    ],
    ['a coarse table', () => [makeProfile({ primaries, curves: thrice(curveTable(20, srgbLight)) })]],
    ['linear light', () => [makeProfile({ primaries, curves: thrice(curveTable(256, (value) => value)) })]],
    ['primaries in another order', () => [makeProfile({ primaries: [...primaries].reverse(), curves })]],
    ['a primary that leaks', () => [makeProfile({ primaries: moved(1, 0, 0.0005), curves })]],
    ['a darker primary', () => [makeProfile({ primaries: moved(2, 2, -0.002), curves })]],
    ['tables of colours', () => [makeProfile({ primaries, curves, moreTags: [['A2B0', Buffer.alloc(40)]] })]],
    [
      'coding-independent code points',
      () => [makeProfile({ primaries, curves, moreTags: [['cicp', Buffer.alloc(12)]] })],
    ],
    ['a tag twice', () => [makeProfile({ primaries, curves, moreTags: [['gTRC', formulaCurve()]] })]],
    ['no curve', () => [makeProfile({ primaries, curves: [] })]],
    ['another class', () => [changed(12, 'prtr')]],
    ['grey', () => [changed(16, 'GRAY')]],
    ['Lab', () => [changed(20, 'Lab ')]],
    ['no signature', () => [changed(36, 'acsq')]],
    ['another size in its header', () => [changed(2, [1])]],
    ['more tags than it has room for', () => [changed(129, [1])]],
    ['a tag outside', () => [changed(128 + 4 + 12 * 3 + 4, [0x7f])]],
    ['an end too soon', () => [srgb.subarray(0, 400)]],
    ['two pieces', () => [srgb.subarray(0, 900), srgb.subarray(900)]],
    ['nothing', () => [Buffer.alloc(0)]],
  ])('leave the direct way with %s', (_, pieces) => {
    expect(decoded(withProfile(jpeg, ...pieces()))).toBeNull();
  });

  it('leave the direct way with two profiles, and as RGB in a grey picture', async () => {
    expect(decoded(withProfile(withProfile(jpeg, srgb), srgb))).toBeNull();
    const grey = await colours(true);
    expect(decoded(grey)).not.toBeNull();
    expect(decoded(withProfile(grey, srgb))).toBeNull();
  });

  it('are taken for sRGB only where colour management agrees, whatever bytes are changed', async () => {
    const edits = fc.array(fc.tuple(fc.nat({ max: 420 }), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 2,
    });
    const small = makeProfile({ primaries, curves });
    const seen = { taken: 0, left: 0 };
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const profile = Buffer.from(small);
        for (const [at, flip] of changes)
          profile[at % profile.length] = (profile[at % profile.length] ?? 0) ^ flip;
        const bytes = withProfile(jpeg, profile);
        const direct = decoded(bytes);
        seen[direct === null ? 'left' : 'taken'] += 1;
        if (direct !== null) expect(await greatestDifference(bytes, direct)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.taken, seen.left)).toBeGreaterThan(30);
  });
});
