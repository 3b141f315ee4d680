/** What is checked in the weights of a network before it is exported. */
export const exportLint = {
  // Channels inside the other texts.
  allChannels: 'all {of} channels',
  channels: '{count} of {of} channels ({channels})',
  channelsAndMore: '{count} of {of} channels ({channels}, …)',
  neverUpdated:
    '{block}: no step has updated its running statistics, so it is exported with its initial mean 0 and variance 1 and does not normalize.',
  neverUpdatedHint: 'Measure the statistics by recalibration, or let the block update them and train on.',
  initial:
    '{block}: the stored mean is exactly 0 and the variance exactly 1 in every channel, as before any update. The block does not normalize.',
  initialHint:
    'Recalibrate the statistics and compare the accuracy. For imported weights, check that their statistics were read.',
  negative:
    '{block}: the variance is negative in {where}, so no output can be computed. The file is damaged, or its tensors are mixed up.',
  slightlyNegative:
    '{block}: the variance is slightly negative in {where}. Epsilon {epsilon} keeps the output finite, but no variance is below 0: the program that computed it has rounded.',
  negativeHint: 'Recalibrate the statistics, or read the weights again from an undamaged file.',
  amplified:
    '{block}: the variance is below ten times epsilon ({epsilon}) in {where}. Epsilon decides the scale there, and small differences of the input, rounding included, are amplified up to {factor} times.',
  amplifiedHint:
    'Train longer or with a lower learning rate, if these channels are dead; use a smaller epsilon, if their inputs are just small.',
  quiet:
    '{block}: the variance is below ten times epsilon ({epsilon}) in {where}. These channels are almost constant, and gamma keeps them small: a difference of the input is multiplied by {factor} at most.',
  quietHint: 'Nothing needs to be done; the channels could be removed.',
  constant: '{block}: gamma is 0 in every channel, so the block outputs its beta, whatever its input is.',
  constantHint: 'Train longer: a gamma that begins at 0 grows in training. Check that gamma is trained.',
  smallGamma:
    '{block}: gamma is close to 0 in {where}: below a thousandth of the largest of the block, or below 0.000001. These channels output almost nothing but beta.',
  smallGammaHint:
    'Nothing needs to be done; the channels could be removed. In 16-bit arithmetic they are lost.',
} as const;
