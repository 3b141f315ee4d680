/** The output of frozen blocks, computed once for each image and kept. */
export const features = {
  computing: 'Computing features of the training images',
  computingVersion: 'Computing features of the training images (version {version} of {versions})',
  computingValidation: 'Computing features of the validation images',
  stopped: 'Computing the features was stopped.',
  // Notes of a run.
  once: 'The first {blocks} blocks are frozen: their output ({shape} values an image) is computed once for each image, and every epoch trains the rest on it.',
  onceForHead:
    'While only the head trains, the output of the first {blocks} blocks ({shape} values an image) is computed once for each image, and these epochs train the head on it.',
  versionsForHead:
    'While only the head trains, the output of the first {blocks} blocks ({shape} values an image) is computed once for {versions} augmented versions of each training image, and these epochs train the head on the versions in turn.',
  versions:
    'The first {blocks} blocks are frozen: their output ({shape} values an image) is computed once for {versions} augmented versions of each training image, and the epochs train the rest on these versions in turn.',
  augmented:
    'The first {blocks} blocks are frozen, but they are computed again in every epoch, because the training images are augmented anew; switch augmentation off, or set the number of versions to keep (featureVersions), to compute them once.',
  off: 'The first {blocks} blocks are frozen, and they are computed at every step, because the settings switch the keeping of their output off (features).',
  fewEpochs:
    'The first {blocks} blocks are frozen, and they are computed at every step: {versions} versions of each image for {epochs} epochs would save nothing. Set fewer versions (featureVersions) or more epochs to compute them once.',
  noGain:
    'The first {blocks} blocks are frozen, and they are computed at every step: reading their output would take longer.',
  mixed:
    'The first {blocks} blocks are frozen, but they are computed again in every epoch, because mixup and CutMix mix the training images anew; switch both off to compute them once.',
  notKept:
    'The first {blocks} blocks are frozen, but their output is computed again in every epoch, because it could not be kept: {why}',
  differs:
    'The output of the frozen blocks depends on how the images are put into batches: on {images} images it differs by at most {largest}, which is {relative} of the largest value. The results differ as much from those of a run that computes it at every step.',
} as const;
