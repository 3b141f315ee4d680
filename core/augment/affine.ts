import type { ImageSize } from './image.ts';

/**
 * The source position of each pixel of the result: `x' = a x + b y + c`, `y' = d x + e y + f`, in pixels, with the
 * origin at the centre of the image and y downwards. Transforms are added in the order in which they are applied.
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

  /** True when the map moves no pixel. */
  isIdentity(): boolean {
    return this.a === 1 && this.e === 1 && this.b === 0 && this.d === 0 && this.c === 0 && this.f === 0;
  }

  /**
   * Adds a transform by its inverse map: pixel (x, y) of the result is read at (a x + b y + c, d x + e y + f) of the
   * image before it.
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

  /** Shifts the content right by x and down by y pixels. */
  move(x: number, y: number): void {
    this.follow(1, 0, -x, 0, 1, -y);
  }

  /** Rotates the content clockwise about the centre. */
  turn(degrees: number): void {
    const radians = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    this.follow(cos, sin, 0, -sin, cos, 0);
  }

  /** Scales the content by `factor` about the centre. */
  zoom(factor: number): void {
    this.follow(1 / factor, 0, 0, 0, 1 / factor, 0);
  }

  /** Shears the content along x by `x` pixels per row, or along y by `y` pixels per column. */
  slant(x: number, y: number): void {
    this.follow(1, -x, 0, 0, 1, 0);
    this.follow(1, 0, 0, -y, 1, 0);
  }

  /** Resizes the box at (`left`, `top`) of `width` x `height` pixels to the size of the image. */
  crop(left: number, top: number, width: number, height: number, size: ImageSize): void {
    const c = left + (width - size.width) / 2;
    const f = top + (height - size.height) / 2;
    this.follow(width / size.width, 0, c, 0, height / size.height, f);
  }
}
