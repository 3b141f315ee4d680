import type { ImageSize } from './image.ts';

/**
 * Where each pixel of the result comes from: `x' = a x + b y + c`, `y' = d x + e y + f`, in pixels, with the origin at
 * the picture's centre and y downwards. Transforms are added in the order in which they act on the image.
 */
export class Affine {
  a = 1;
  b = 0;
  c = 0;
  d = 0;
  e = 1;
  f = 0;

  reset(): void {
    this.a = this.e = 1;
    this.b = this.c = this.d = this.f = 0;
  }

  /** True when every pixel stays where it is. */
  isIdentity(): boolean {
    return this.a === 1 && this.e === 1 && this.b === 0 && this.d === 0 && this.c === 0 && this.f === 0;
  }

  /**
   * Adds a transform by its own way back: result pixel (x, y) shows (a x + b y + c, d x + e y + f) of what was before.
   */
  follow(a: number, b: number, c: number, d: number, e: number, f: number): void {
    const [a0, b0, c0, d0, e0, f0] = [this.a, this.b, this.c, this.d, this.e, this.f];
    this.a = a0 * a + b0 * d;
    this.b = a0 * b + b0 * e;
    this.c = a0 * c + b0 * f + c0;
    this.d = d0 * a + e0 * d;
    this.e = d0 * b + e0 * e;
    this.f = d0 * c + e0 * f + f0;
  }

  mirrorX(): void {
    this.follow(-1, 0, 0, 0, 1, 0);
  }

  mirrorY(): void {
    this.follow(1, 0, 0, 0, -1, 0);
  }

  /** Moves the content right and down. */
  move(x: number, y: number): void {
    this.follow(1, 0, -x, 0, 1, -y);
  }

  /** Turns the content about the centre, clockwise as seen. */
  turn(degrees: number): void {
    const radians = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    this.follow(cos, sin, 0, -sin, cos, 0);
  }

  /** Makes the content `factor` times as large, about the centre. */
  zoom(factor: number): void {
    this.follow(1 / factor, 0, 0, 0, 1 / factor, 0);
  }

  /** Slants the content along x by `x` pixels a row, or along y by `y` pixels a column. */
  slant(x: number, y: number): void {
    this.follow(1, -x, 0, 0, 1, 0);
    this.follow(1, 0, 0, -y, 1, 0);
  }

  /** Stretches the box at (`left`, `top`) of `width` x `height` pixels over the whole image. */
  crop(left: number, top: number, width: number, height: number, size: ImageSize): void {
    const c = left + (width - size.width) / 2;
    const f = top + (height - size.height) / 2;
    this.follow(width / size.width, 0, c, 0, height / size.height, f);
  }
}
