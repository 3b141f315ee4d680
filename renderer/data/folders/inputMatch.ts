import type { DataSummary } from '#core/contract/dataSummary.ts';
import type { Shape } from '#core/program/shape.ts';

/** The changes that the network needs for a folder; absent fields already match. */
export interface InputMismatch {
  /** `[C, H, W]` to set at the Input block. */
  readonly inputShape?: readonly [number, number, number];
  readonly classes?: number;
}

/** Larger images are meant to be resized: no input size is suggested from them. */
const LARGEST_SUGGESTED = 128;

/**
 * Compares a network's input `[C, H, W]` and class count with a folder: null when all match. Sizes are suggested only
 * where images are small enough to be used without resizing; channels always.
 */
export function mismatchOf(
  network: { readonly inputShape: Shape; readonly classes: number },
  summary: DataSummary,
): InputMismatch | null {
  const [channels = 0, height = 0, width = 0] = network.inputShape;
  const wanted = wantedInput(summary, [channels, height, width]);
  const isInputFit = wanted[0] === channels && wanted[1] === height && wanted[2] === width;
  const isClassFit = summary.classes.length < 2 || summary.classes.length === network.classes;
  if (isInputFit && isClassFit) return null;
  return {
    ...(isInputFit ? {} : { inputShape: wanted }),
    ...(isClassFit ? {} : { classes: summary.classes.length }),
  };
}

function wantedInput(
  summary: DataSummary,
  now: readonly [number, number, number],
): readonly [number, number, number] {
  const { typical } = summary;
  if (typical === null) return now;
  const channels = typical.channels === 1 ? 1 : 3;
  const isSmall = typical.height <= LARGEST_SUGGESTED && typical.width <= LARGEST_SUGGESTED;
  return isSmall ? [channels, typical.height, typical.width] : [channels, now[1], now[2]];
}
