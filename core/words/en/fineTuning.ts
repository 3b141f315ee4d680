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
  bnCustom: 'Custom',

  headFirst:
    'In the first {epochs} epochs ({steps} updates) only the head trains, with the BatchNorm of the trunk frozen; from epoch {next} on everything trains as it is set.',
  headThroughout:
    'Only the head trains in all {epochs} epochs of this run: “head first” lasts as long as the training.',

  freezesNothing: 'None of these blocks has weights or statistics that could be frozen.',
  noHead: 'The network has no head: no Conv2D, ConvTranspose2D or Dense block feeds the Output.',
  noNorms: 'No BatchNorm block comes before the head, so there is nothing to set.',
} as const;
