/** The class that a network gave to each of its validation images after each epoch. */
export interface DecisionHistory {
  /** Number of images. */
  readonly count: number;
  /** True class of each image, `[count]`. */
  readonly labels: Int32Array;
  /** The epochs in ascending order, from 1; an epoch can be missing. */
  readonly epochs: readonly number[];
  /** The classes given after each of `epochs`, `[count]` each. */
  readonly decided: readonly ArrayLike<number>[];
}
