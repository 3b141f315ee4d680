/** Labels, copies and forgotten images: what cannot be found, and what was found how. */
export const doubts = {
  decisionsDamaged: '{file} is damaged. Nothing else depends on it; a new run writes a new one.',
  noDecisions:
    'Run {run} did not record which validation images were right after each epoch: it has no validation images, was trained by an earlier version, or elsewhere. Train again to see what is forgotten.',
  otherImages:
    'None of these images was a validation image of run {run}. What is forgotten is recorded for validation images only.',
  otherClasses: 'Run {run} has other classes. Only networks with the same classes can judge labels together.',
  notKept: 'The evaluation could not be kept, and labels, copies and forgetting are read from it: {why}',
  stopped: 'The search was cancelled.',
  underWay: 'This search is already under way.',
  noKeep: 'it was not to be kept',
  checkingLabels: 'Checking labels',
  readingEpochs: 'Reading the epochs',
  printing: 'Computing hashes of images',
  comparing: 'Comparing images',
  suspectsTitle: 'Likely mislabelled',
  duplicatesTitle: 'Copies of images of the run',
  forgottenTitle: 'Forgotten',
  single:
    '{count} of {images} labels are doubtful, by one network. This is the weakest source: the mean of several networks, or the folds of a cross-validation, are better.',
  average: '{count} of {images} labels are doubtful, by the mean probabilities of {networks} networks.',
  folds:
    '{count} of {images} labels are doubtful, by {networks} folds: each image is judged by a network that did not train on it.',
  trained:
    'A network trained on {count} of the images: it may have learned their wrong labels, which are then not found.',
  duplicatesText:
    '{count} of {images} images have a copy among {others} images of the run. {leaks} are in another part than their copy; {differing} have another label.',
  forgottenText:
    'Of {images} validation images, over {epochs} epochs: {unforgettable} were never forgotten, {forgotten} were forgotten, {neverLearned} were never right. {lost} were right after the best epoch and are wrong after the last one.',
  firstRows: 'The first {shown} of {count}.',
  file: 'image',
  label: 'label',
  suggested: 'suggested class',
  probability: 'probability',
  labelProbability: 'of the label',
  networks: 'networks',
  given: 'class given',
  likeness: 'likeness',
  copy: 'copy',
  copyLabel: 'its label',
  correlation: 'correlation',
  exact: 'same file',
  pixels: 'same pixels',
  near: 'similar',
  events: 'forgotten',
  learnedAt: 'first right',
  epochsRight: 'right by epoch',
} as const;
