/** `[C, H, W]`. */
export type InputShape = readonly [number, number, number];

export interface NetworkSize {
  readonly inputShape: InputShape;
  readonly classes: number;
}
