/** A tensor whose shape is not that of the slot with its name. */
export interface WrongShape {
  /** In the state layout: `dense1.weights`. */
  readonly slot: string;
  /** In the file. */
  readonly tensor: string;
  readonly found: readonly number[];
  readonly wanted: readonly number[];
}

/** How the tensors of a file and the slots of a network fit together. Every tensor and every slot is in it once. */
export interface MatchReport {
  /** Number of slots with a value from the file. */
  readonly matched: number;
  /** Number of slots of the network. */
  readonly slots: number;
  /** Slots for which the file has no tensor. */
  readonly missing: readonly string[];
  /** Tensors that belong to no slot. */
  readonly unexpected: readonly string[];
  readonly wrongShape: readonly WrongShape[];
  /** Slots whose values are stored in another order of dims, and were transposed. */
  readonly transposed: readonly string[];
}

/** Slots that keep their initial value: they are missing, or their tensor has another shape. */
export function slotsWithout({ missing, wrongShape }: MatchReport): readonly string[] {
  return [...missing, ...wrongShape.map(({ slot }) => slot)];
}
