import type { Averaging } from '../program/instruction.ts';

/**
 * The parameters by which frameworks express `decay`, the weight of the OLD value in `running <- decay * running + (1 -
 * decay) * batch`.
 */
export interface DecayNames {
  /** `momentum` of torch.nn.BatchNorm2d: the weight of the NEW value. */
  readonly pytorchMomentum: number;
  /** `momentum` of keras.layers.BatchNormalization. */
  readonly kerasMomentum: number;
  /** `moving_average_fraction` of Caffe's BatchNorm layer. */
  readonly caffeMovingAverageFraction: number;
  /** `momentum` of ONNX BatchNormalization. */
  readonly onnxMomentum: number;
}

export function decayNames(decay: number): DecayNames {
  return {
    pytorchMomentum: complement(decay),
    kerasMomentum: decay,
    caffeMovingAverageFraction: decay,
    onnxMomentum: decay,
  };
}

/**
 * Share of the initial values (mean 0, variance 1) still in the running statistics after `steps` updates:
 * `decay^steps`. A cumulative average drops them at the first batch.
 */
export function initialShare(
  update: { readonly averaging: Averaging; readonly decay: number },
  steps: number,
): number {
  if (update.averaging === 'cumulative') return steps === 0 ? 1 : 0;
  return update.decay ** steps;
}

/**
 * Number of updates until the initial value weighs less than `share` (0.01 for one percent): the smallest n with
 * `decay^n < share`. Infinity at decay 1, where the running value never changes.
 */
export function stepsUntilInitialBelow(decay: number, share: number): number {
  if (share > 1) return 0;
  if (share <= 0 || decay >= 1) return Infinity;
  if (decay <= 0) return 1;
  let steps = Math.max(0, Math.floor(Math.log(share) / Math.log(decay)));
  while (decay ** steps >= share) steps += 1;
  return steps;
}

/** `1 - x` without the rounding error of binary fractions: 0.1 for 0.9. */
function complement(x: number): number {
  return Number((1 - x).toPrecision(12));
}
