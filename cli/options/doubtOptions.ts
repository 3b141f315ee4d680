import type { Command } from 'commander';

/** What to look for in an evaluation. */
export interface DoubtChoice {
  readonly suspects?: true;
  /** Further runs whose networks judge the labels: the other folds, or networks with the same images. */
  readonly with?: readonly string[];
  readonly duplicates?: true;
  readonly forgotten?: true;
}

/** Adds the options that list likely mislabelled images, copies, and what was forgotten. */
export function withDoubtOptions(command: Command): Command {
  return command
    .option('--suspects', 'list images whose labels are likely wrong')
    .option(
      '--with <runs...>',
      'further runs that judge the labels: folds, a cross-validation, or networks on the same images',
    )
    .option('--duplicates', 'list copies of images of the run, and near copies')
    .option('--forgotten', 'list validation images that were right after an epoch and wrong later');
}
