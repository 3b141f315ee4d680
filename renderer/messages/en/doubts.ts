/** Texts of the lists of likely mislabelled images, copies and forgotten images in the Evaluate panel. */
export const doubts = {
  searchText: 'Find in the names',
  again: 'Search',
  cancelled: 'The search was cancelled.',
  none: {
    suspects: 'No label of these images is doubtful.',
    duplicates: 'No image has a copy among the images of the run.',
    forgotten: 'No image was forgotten.',
  },
  noneMatches: 'No image matches.',
  judges: 'Judged by',
  judgedBy: {
    single: 'this evaluation alone',
    folds: '{count} folds of the cross-validation',
    average: 'the mean of {count} networks',
  },
  missing:
    'Not evaluated on their validation part yet: {names}. Once they are, each image is judged by a network that did not train on it.',
  folds: {
    evaluate: 'Evaluate {count} fold | Evaluate {count} folds',
    evaluateHelp:
      'Evaluates each of these runs on the part that it held out, with the settings of this evaluation.',
    working: 'Fold {number} of {count}: {name}',
    failed: '{name}: {why}',
  },
  summary: {
    single:
      '{count} of {images} labels are doubtful. One network alone is the weakest judge: folds, or the mean of several networks, are better.',
    average: '{count} of {images} labels are doubtful, by the mean probabilities of {networks} networks.',
    folds:
      '{count} of {images} labels are doubtful. Each image is judged by a network that did not train on it.',
  },
  trained: 'A network trained on {count} of the images, and may have learned their wrong labels.',
  elsewhere: '{count} more are listed with the evaluations of the other folds.',
  suggestion: 'Likely {name}',
  suggested: '{suggested} {probability}, label {label} {own}',
  networks: 'mean of {count} network | mean of {count} networks',
  relabel: 'Relabel to {name}',
  duplicates:
    '{count} of {images} images have a copy among {others} images of the run: {leaks} in another part, {differing} with another label.',
  left: '{count} images are gone, have changed or cannot be decoded.',
  onlyWrong: 'Wrong images only',
  copy: 'Its copy',
  copyOf: {
    train: 'training image',
    validation: 'validation image',
  },
  likeness: {
    exact: 'The same file',
    pixels: 'The same pixels at the size of the input',
    near: '{distance} of 64 hash bits differ, correlation {correlation}',
  },
  differs: 'Their labels differ: {label} and {other}.',
  leak: 'The network trained on a copy of this image.',
  forgotten:
    'Of {images} validation images over {epochs} epochs, {unforgettable} were never forgotten, {forgotten} were forgotten, {neverLearned} were never right. {lost} were right after the best epoch and are wrong after the last.',
  onlyLost: 'Lost since the best epoch only',
  events: 'Forgotten {count} time | Forgotten {count} times',
  learnedAt: 'first right after epoch {epoch}',
  neverLearned: 'never right',
  lost: 'right after the best epoch, wrong after the last',
  history: 'Right or wrong by epoch',
  historyText: 'Right after {right} of {epochs} epochs',
};
