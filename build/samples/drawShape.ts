import type { RandomStream } from '#core/training/random.ts';

/** Side of a sample image in pixels. */
export const SAMPLE_SIDE = 32;

/** The classes, named as the folders are. */
export const SHAPES = ['circle', 'square', 'stripes', 'triangle'] as const;
export type Shape = (typeof SHAPES)[number];

type Colour = readonly [number, number, number];

/** Share of the pixel that the shape covers, 0 to 1, from the pixel's position relative to the shape. */
type Coverage = (x: number, y: number) => number;

/** Minimum difference in brightness between a shape and its background. */
const MIN_CONTRAST = 60;

/**
 * Draws one image, `[32, 32, 3]` bytes: the shape in a random colour, position, size and rotation on a background with
 * a gradient between two colours, with random strokes and noise. No single pixel or colour reveals the class.
 */
export function drawShape(shape: Shape, random: RandomStream): Uint8Array {
  const ground = randomColour(random, 160);
  const farGround = ground.map((value) => clamp(value + between(random, -30, 30))) as unknown as Colour;
  const layers = [
    ...Array.from({ length: random.below(2) }, () => stroke(random)),
    { coverage: shapeCoverage(shape, random), colour: contrastingColour(random, ground) },
  ];
  const noise = between(random, 3, 9);
  const angle = between(random, 0, 2 * Math.PI);
  const pixels = new Uint8Array(SAMPLE_SIDE * SAMPLE_SIDE * 3);
  for (let y = 0; y < SAMPLE_SIDE; y++) {
    for (let x = 0; x < SAMPLE_SIDE; x++) {
      const shade = 0.5 + ((x - 16) * Math.cos(angle) + (y - 16) * Math.sin(angle)) / 45;
      let colour = mixColours(ground, farGround, shade);
      for (const layer of layers) colour = mixColours(colour, layer.colour, layer.coverage(x + 0.5, y + 0.5));
      const at = (y * SAMPLE_SIDE + x) * 3;
      // Multiples of 4 keep the files small; the noise is the same in all three channels.
      const grain = random.normal() * noise;
      colour.forEach((value, channel) => {
        pixels[at + channel] = clamp(Math.round((value + grain) / 4) * 4);
      });
    }
  }
  return pixels;
}

function shapeCoverage(shape: Shape, random: RandomStream): Coverage {
  const radius = between(random, 8, 12);
  const place = { x: between(random, radius, 32 - radius), y: between(random, radius, 32 - radius) };
  const isHollow = random.uniform() < 0.1;
  const turn = between(random, -0.25, 0.25);
  const distance = distanceTo(shape, radius, between(random, 2.2, 3.6));
  return (x, y) => {
    const dx = x - place.x;
    const dy = y - place.y;
    const away = distance(
      dx * Math.cos(turn) + dy * Math.sin(turn),
      dy * Math.cos(turn) - dx * Math.sin(turn),
    );
    return smooth(isHollow && shape !== 'stripes' ? Math.abs(away + 1.2) - 1.2 : away);
  };
}

/** Signed distance to the edge, negative inside, for a shape of about the given radius around (0, 0). */
function distanceTo(shape: Shape, radius: number, stripeWidth: number): (x: number, y: number) => number {
  const half = radius * 0.82;
  switch (shape) {
    case 'circle':
      return (x, y) => Math.hypot(x, y) - radius * 0.92;
    case 'square':
      return (x, y) => Math.max(Math.abs(x), Math.abs(y)) - half;
    case 'stripes':
      return (x, y) =>
        Math.max(
          Math.hypot(x, y) - radius,
          Math.abs((((y % (2 * stripeWidth)) + 2 * stripeWidth) % (2 * stripeWidth)) - stripeWidth) -
            stripeWidth / 2,
        );
    case 'triangle':
      return (x, y) => Math.max(-y, y / 2 + Math.abs(x) * 0.8660254) - radius * 0.56;
  }
}

/** A thin line across the image that is not part of the shape. */
function stroke(random: RandomStream): { coverage: Coverage; colour: Colour } {
  const angle = between(random, 0, Math.PI);
  const offset = between(random, -14, 14);
  const width = between(random, 0.4, 0.9);
  const coverage: Coverage = (x, y) =>
    0.7 * smooth(Math.abs((x - 16) * Math.cos(angle) + (y - 16) * Math.sin(angle) - offset) - width);
  return { coverage, colour: randomColour(random) };
}

function contrastingColour(random: RandomStream, ground: Colour): Colour {
  for (;;) {
    const colour = randomColour(random);
    if (brightness(colour) - brightness(ground) >= MIN_CONTRAST) return colour;
  }
}

function randomColour(random: RandomStream, below = 256): Colour {
  return [random.below(below), random.below(below), random.below(below)];
}

function brightness([red, green, blue]: Colour): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function mixColours(from: Colour, to: Colour, share: number): Colour {
  const part = Math.min(1, Math.max(0, share));
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}

function smooth(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance));
}

function between(random: RandomStream, least: number, most: number): number {
  return least + random.uniform() * (most - least);
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}
