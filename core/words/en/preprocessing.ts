/** From image files to the network's input. */
export const preprocessing = {
  greyInput:
    'The normalization has {given} means and deviations, but the input of the network is grey and has one channel: give one mean and one deviation, measure them on the training images, or give the Input block 3 channels.',
  oneForColour:
    'The normalization has one mean and one deviation, but the input of the network has {channels} channels: give one for each channel, or measure them on the training images.',
  otherChannels:
    'The normalization has {given} means and deviations, but the input of the network has {channels} channels: give one for each channel, or measure them on the training images.',
  presetNeedsColour:
    'The normalization “{preset}” is for 3 channels, but the input of the network has {channels}: give the Input block 3 channels, or choose one of {others}.',
  fractionWithoutCrop:
    '--crop-fraction belongs to --resize crop, but images are fitted by “{resize}”: add --resize crop, or leave it out.',
} as const;
