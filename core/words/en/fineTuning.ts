/** What trains, and what stays frozen. */
export const fineTuning = {
  trainsHead: 'Head only',
  trainsHeadHelp:
    'Only the last layer trains; all other weights stay as they are. The fastest, and the least prone to overfitting: for few images, or images like those that the network was trained on.',
  trainsLastStage: 'Last stage',
  trainsLastStageHelp:
    'The blocks at the size of the last feature map train too; earlier blocks keep their general features. For some thousand images.',
  trainsAll: 'All',
  trainsAllHelp:
    'Every block trains. For many images, or images unlike those that the network was trained on; a small rate for the trunk (a tenth) protects what it has learned.',
  trainsCustom: 'Custom',

  bnFrozen: 'Frozen',
  bnFrozenHelp:
    'Normalizes by the statistics that came with the weights and changes nothing, so that training computes what evaluation computes, at any batch size. The first choice for few images and small batches. If your images have other colours or contrast than those of the statistics, they are normalized off centre; recalibrating corrects that without training.',
  bnAdapt: 'Adapt statistics',
  bnAdaptHelp:
    'Normalizes by each batch and moves the running statistics to those of your images; gamma and beta stay. For images of another kind than those that the network was trained on. Needs batches of 16 images or more: statistics of fewer are noisy, and evaluation then differs from training. The output of a frozen trunk changes with every batch, so it cannot be computed once and kept.',
  bnAffine: 'Gamma and beta',
  bnAffineHelp:
    'Normalizes by the statistics that came with the weights; gamma and beta learn. Few values, at any batch size, and training computes what evaluation computes. Fits a frozen trunk that has to adapt a little.',
  bnAll: 'All',
  bnAllHelp:
    'As in training from the beginning: normalizes by each batch, updates the statistics, trains gamma and beta. Fits when the whole network trains on many images in batches of 16 or more. In smaller batches the statistics are noisy; before frozen convolutions they move away from what those learned.',
  bnRecalibrated: 'Recalibrated',
  bnRecalibratedHelp:
    'First replaces the running statistics by exact ones over your training images, without a gradient step; then as Frozen. For images with other colours or contrast than those of the statistics.',
  bnCustom: 'Custom',

  headFirst:
    'In the first {epochs} epochs ({steps} updates) only the head trains, with the BatchNorm of the trunk frozen; from epoch {next} on everything trains as it is set.',
  headThroughout:
    'Only the head trains in all {epochs} epochs of this run: “head first” lasts as long as the training.',

  nothingTrains: 'Nothing in the network trains: every block with weights is frozen.',
  nothingTrainsHint: 'Let at least the head train, or let a BatchNorm train its gamma and beta.',
  trainBlock: 'Train the weights of {block}',
  headFrozen:
    'The first epochs are to train only the head, but {head} is frozen, so nothing would train in them.',
  headFrozenHint: 'Train the weights of the head, or set the number of head epochs to 0.',

  movingBefore:
    '{norm} normalizes by each batch while the weights of {block} are frozen: what they get changes from batch to batch, and evaluation differs from training.',
  movingStored:
    '{norm} still moves its running statistics while the weights of {block} are frozen: they leave what those weights were trained with, without any loss to stop them.',
  movingHint:
    'Freeze its statistics too, or set the BatchNorm before the head to “adapt” where your images are of another kind and the batches have 16 images or more.',
  byStored: 'Normalize by running statistics',
  keepStatistics: 'Keep the running statistics',
  otherEpsilon:
    '{block} has epsilon {value}, while most BatchNorm blocks of this network have {usual}: is it that of another framework?',
  otherDecay:
    '{block} has decay {value}, while most BatchNorm blocks of this network have {usual}: is it that of another framework?',
  otherNormHint:
    'A network comes with one value for all: 1e-5 and decay 0.9 of PyTorch, 1e-3 and 0.99 of Keras. Trained weights are right only with theirs.',
  setEpsilon: 'Set epsilon to {value}',
  setDecay: 'Set decay to {value}',
  idleRate: '{block} has the learning rate factor {value}, but it is frozen, so the factor has no effect.',
  idleRateHint: 'Let the block train, or set the factor to 1.',
  resetRate: 'Set the factor to 1',
  smallBatch:
    '{block} normalizes by the statistics of {batch} images. So few are noisy: training and evaluation differ, and the running statistics vary.',
  smallBatches:
    '{norms} BatchNorm blocks normalize by the statistics of {batch} images. So few are noisy: training and evaluation differ, and the running statistics vary.',
  smallBatchHint:
    'Take batches of {least} images or more, replace BatchNorm by GroupNorm, or use batch renormalization.',
  smallBatchTunedHint:
    'Take batches of {least} images or more, or freeze the BatchNorm blocks: the statistics that came with the weights are better than those of a few images.',

  freezesNothing: 'None of these blocks has weights or statistics that could be frozen.',
  noHead: 'The network has no head: no Conv2D, ConvTranspose2D or Dense block feeds the Output.',
  ratesNeedTrain:
    'Some blocks of this network are frozen one by one; say with --train what is to train before its rates are set.',
  noNorms: 'No BatchNorm block comes before the head, so there is nothing to set.',
} as const;
