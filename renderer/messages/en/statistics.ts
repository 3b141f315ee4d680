/** Texts of the BatchNorm panel: a run's stored statistics, and their exact measurement. */
export const statistics = {
  empty: {
    title: 'No run with statistics yet',
    text: 'BatchNorm keeps a mean and a variance for each channel while it trains. Train the network first: they appear here from its first checkpoint on.',
    action: 'Go to training',
  },
  run: 'Run',
  live: 'This run is training, and its statistics move with every step. They can be measured when it has ended or is stopped.',
  loading: 'Reading the checkpoint',
  noBlocks: 'The network of this run has no BatchNorm block.',
  state: {
    moving: {
      ofWeights: 'This run stores moving averages of its last batches.',
      ofAverages:
        'The averaged weights of this run use moving averages that were computed with other weights.',
    },
    estimated: {
      ofWeights:
        'This run stores statistics estimated from {batches} of {total} batches. The moving averages are kept as well: training resumes from them.',
      ofAverages:
        'The averaged weights of this run have statistics estimated from {batches} of {total} batches. The moving averages are kept as well: training resumes from them.',
    },
    exact: {
      ofWeights:
        'This run stores exact statistics. The moving averages are kept as well: training resumes from them.',
      ofAverages:
        'The averaged weights of this run have exact statistics. The moving averages are kept as well: training resumes from them.',
    },
  },
  what: 'Measures mean and variance of every block over the training images and replaces the moving averages by them. No weight changes.',
  allFrozen: 'All blocks are frozen: what they store is a part of what the network has learned.',
  amount: 'Measure over',
  allImages: 'All training images',
  someBatches: '{count} batches',
  measure: 'Measure exactly',
  estimate: 'Estimate',
  again: 'Measure again',
  undo: 'Undo',
  undoHelp: 'Puts the moving averages back, bit for bit.',
  starting: 'Starting',
  cancel: 'Cancel',
  pass: '{images} images in {batches} batches',
  passOf: 'Estimated from {batches} of {total} batches: {images} images',
  accuracy: {
    validation: 'Validation accuracy {before} → {after}',
    train: 'Training accuracy {before} → {after}',
    folder: 'Accuracy on the measured images {before} → {after}',
  },
  table: {
    block: 'Block',
    channels: 'Channels',
    mean: 'Mean moved',
    meanHelp: 'Root mean square over the channels, in units of the standard deviation before.',
    worst: 'Worst',
    worstMeanHelp: 'The channel whose mean moved farthest.',
    variance: 'Variance',
    varianceHelp: 'Mean over the channels.',
    worstFactorHelp: 'The channel whose variance changed by the largest factor.',
    error: 'Standard error',
    errorHelp:
      'How far the measured values may be from those of infinitely many batches, for a typical channel. The mean is in standard deviations, the variance relative to itself.',
    channel: 'Channel {channel}, counted from 0',
    frozen: 'frozen: keeps what it stores',
    initial: 'never updated',
    initialHelp:
      'No training step has updated these statistics: they are still the initial mean 0 and variance 1.',
    reveal: 'Show {block} on the canvas',
    elsewhere: '{block}: not in the active project',
  },
};
