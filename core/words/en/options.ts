/** Arguments of the command line. */
export const options = {
  oneNetwork:
    'Name one network: a project file, or a built-in one with --template (see `normlab templates`).',
  noData: 'Say where the training images are: --data DIR.',
  foldWithoutFolds: '--fold {fold} says which part validates, but not of how many: add --folds K.',
  noSuchFold: 'There is no fold {fold} of {folds}; give --fold a number from 1 to {folds}.',
  begunWithOtherNorm:
    'The run was begun with {has}, now --norm {wanted}; resume it without that option, or start a new run in another folder.',
  noNorm: 'no norm',
  validatesOnFolder:
    'The run validates on {folder}, now --val-split {share}; resume it without that option, or start a new run in another folder.',
  optimizerHasNo: 'The optimizer {optimizer} has no --{option}; leave it out, or choose another --optimizer.',
  belongsToLoss: '{options} belongs to the {loss} loss; add --loss {loss}.',
  belongToLoss: '{options} belong to the {loss} loss; add --loss {loss}.',
  needsAverages: '--ema-validate needs averaged weights; add --ema with their decay.',
  checkpointNeedsFrom:
    '--checkpoint says which weights of a run to start from; name the run with --from RUN.',
  checkpointNeedsRun:
    '--checkpoint chooses between the weights of a run, and {given} is not the folder of a run; leave it out.',
  noScreen: 'The screen is not built: run `npm run setup` first.',
  noRoot: 'There is no folder “{path}” that the lab could open; check --root.',
  batchNoCsv: '--statistics batch has several answers for each image; print them as text or with --json.',
  noneClassified: 'None of the {count} files could be classified: see the reasons above.',
} as const;
