import type { Sides } from '../../../nodes/window.ts';

/** True where opposite sides have the same padding, as the `padding` of PyTorch's layers. */
export function isEven([top, left, bottom, right]: Sides): boolean {
  return top === bottom && left === right;
}

/** `(left, right, top, bottom)`, the order of `F.pad`. */
export function padOrder([top, left, bottom, right]: Sides): string {
  // `+ 0`: a negated 0 would be printed as -0 by some printers.
  return `(${[left, right, top, bottom].map((pixels) => String(pixels + 0)).join(', ')})`;
}

/** `x` with these pixels around it, zeros by default; negative numbers cut. */
export function padCall(x: string, sides: Sides, value?: string): string {
  return `F.pad(${x}, ${padOrder(sides)}${value === undefined ? '' : `, value=${value}`})`;
}
