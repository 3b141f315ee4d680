/** The allowed difference of two arrays; see `expectAllClose`. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/**
 * How results of a backend are compared with the float64 reference. `element`: each element by itself, with `absolute`
 * relative to the scale of the array. `norm`: the Euclidean norm of the difference relative to that of the expected
 * array; for precisions in which single elements may jump (another element is the maximum, a ReLU input changes its
 * sign).
 */
export interface Tolerances {
  readonly measure: 'element' | 'norm';
  /** Logits and loss. */
  readonly outputs: Tolerance;
  readonly gradients: Tolerance;
  readonly batchStatistics: Tolerance;
  /** Parameters and statistics after a few steps. */
  readonly state: Tolerance;
  /**
   * Smallest scale of a gradient, as a share of the largest gradient of the network: sums that cancel to zero leave
   * noise.
   */
  readonly noiseShare: number;
}

/** The same arithmetic in float64, in another order. */
export const F64_TOLERANCES: Tolerances = {
  measure: 'element',
  outputs: { relative: 1e-10, absolute: 1e-12 },
  gradients: { relative: 1e-9, absolute: 1e-11 },
  batchStatistics: { relative: 1e-10, absolute: 1e-12 },
  state: { relative: 1e-9, absolute: 1e-11 },
  noiseShare: 1e-3,
};

/** Single precision: 24 bits, sums of a few thousand terms, a few consecutive layers. */
export const F32_TOLERANCES: Tolerances = {
  measure: 'element',
  outputs: { relative: 1e-4, absolute: 2e-5 },
  gradients: { relative: 2e-3, absolute: 1e-4 },
  batchStatistics: { relative: 1e-4, absolute: 2e-5 },
  state: { relative: 1e-3, absolute: 1e-4 },
  noiseShare: 0.05,
};

/** bfloat16: 8 bits for activations and gradients, an error of 0.4 % at each rounding. */
export const BF16_TOLERANCES: Tolerances = {
  measure: 'norm',
  outputs: { relative: 0.04, absolute: 0.02 },
  gradients: { relative: 0.12, absolute: 0.02 },
  batchStatistics: { relative: 0.03, absolute: 0.02 },
  state: { relative: 0.03, absolute: 0.01 },
  noiseShare: 0.2,
};

/**
 * Tolerances for a network with `depth` times as many layers, whose rounding errors add up. Only the norms are widened.
 */
export function deepened(tolerances: Tolerances, depth: number): Tolerances {
  if (tolerances.measure === 'element' || depth === 1) return tolerances;
  const wider = ({ relative, absolute }: Tolerance): Tolerance => ({ relative: relative * depth, absolute });
  const { outputs, gradients, batchStatistics, state } = tolerances;
  return {
    ...tolerances,
    outputs: wider(outputs),
    gradients: wider(gradients),
    batchStatistics: wider(batchStatistics),
    state: wider(state),
  };
}

/**
 * Tolerances of bfloat16 for a random network, `depth` layers deep. In some networks a gradient is a small difference
 * of large terms, of which 8 bits leave little, so noise is measured against the largest gradient of the network.
 */
export function bf16Random(depth: number): Tolerances {
  return { ...deepened(BF16_TOLERANCES, depth), noiseShare: 1 };
}

/**
 * Gradients compared with central differences of the loss in float64 with step `DIFFERENCE_STEP`; the error is of order
 * step^2 and eps/step.
 */
export const DIFFERENCE_TOLERANCE: Tolerance = { relative: 2e-5, absolute: 2e-8 };
export const DIFFERENCE_STEP = 1e-5;

/** Hand-computed golden numbers are printed with six decimals. */
export const SIX_DECIMALS: Tolerance = { relative: 0, absolute: 5.0001e-7 };
