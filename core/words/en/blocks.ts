/**
 * What a block refuses, behind the block's name ('has 3 groups, …'), with what to do; and the phrases of its one-line
 * summary.
 */
export const blocks = {
  paramUnknown: 'has a parameter "{name}" that {title} does not know.',
  removeParam: 'Remove it; the parameters are {known}.',
  removeOnlyParam: 'Remove it; this block has no parameters.',
  paramWrong: 'has {label} {value}, but it must be {wanted}.',
  defaultIs: 'The default is {value}.',
  missing: 'missing',
  list: 'a list',
  object: 'an object',
  trueOrFalse: 'true or false',
  oneOf: 'one of {options}',
  wholeNumber: 'a whole number {range}',
  number: 'a number {range}',
  fromTo: 'from {min} to {max}',
  aboveTo: 'above {min} and at most {max}',

  doesNotFit: 'does not take this shape.',
  needsImage: 'needs an image (channels × height × width) but gets a vector of {shape}.',
  needsImageHint:
    'Put this block before Flatten, GlobalAvgPool or Dense: after them there is no height or width left.',
  needsVector: 'needs a vector but gets an image of {shape}.',
  needsVectorHint: 'Put Flatten or GlobalAvgPool before it.',
  needsLogits: 'needs one number for each class but gets {shape}.',
  needsLogitsHint: 'Put Flatten or GlobalAvgPool and a Dense with one unit for each class before it.',
  inputChannels: 'has {channels} channels, but an image has 1 (grey) or 3 (colour).',
  inputChannelsHint: 'Set the channels to 1 or 3.',
  addsUnequal: 'adds {first} (in1) and {shape} ({port}), but shapes must be equal.',
  addsUnequalHint:
    'Give both branches the same channels and strides; a 1×1 Conv2D on the shortcut changes both.',
  joinsUnequal: 'joins {first} (in1) and {shape} ({port}), but everything except the channels must be equal.',
  joinsUnequalHint: 'Bring all branches to the same height and width, with equal strides or pooling.',
  multipliesUnequal: 'multiplies to {whole}, but {shape} ({port}) fits neither its channels nor its pixels.',
  multipliesVectors: 'Each input must be {whole}.',
  multipliesImages: 'Each input must be {whole}, or a gate of {ofChannels}, {channels} or {ofPixels}.',
  groupsOfChannels: 'has {groups} groups, which do not divide its {channels} channels.',
  groupsOfChannelsHint: 'Choose a number of groups that divides {channels}.',
  groupsOfInputs: 'has {groups} groups, which do not divide its {channels} input channels.',
  groupsOfFilters: 'has {groups} groups, which do not divide its {filters} filters.',
  groupsOfBothHint:
    'Choose a number of groups that divides both {channels} input channels and {filters} filters.',
  oneValueInGroup:
    'normalizes each of its groups, which holds a single value: its output would be the same whatever comes in.',
  oneValueInGroupHint: 'Choose fewer groups.',
  oneValueInSample:
    'normalizes the whole sample, which holds a single value: its output would be the same whatever comes in.',
  oneValueAtPixel:
    'normalizes the channels at each pixel, which holds a single value: its output would be the same whatever comes in.',
  oneValueInChannel:
    'normalizes each channel over its pixels, which holds a single value: its output would be the same whatever comes in.',
  oneValueInChannelHint: 'Put it before the pooling that leaves one pixel, or take LayerNorm.',
  needsChannelsHint: 'Put Dropout here: a vector has no channels of pixels.',
  moreChannelsHint: 'Put it where there are more channels, or remove it.',
  kernelTooLarge: 'has a kernel of {kernel} pixels, larger than its padded input of {padded}.',
  kernelTooLargeHint:
    "Make the kernel smaller, set padding to 'same', or remove a stride or pooling before this block.",
  poolPadding: 'has {pad} pixels of padding, more than half of its kernel of {kernel}.',
  poolSide: 'has {pad} pixels of padding on one side, but its kernel of {kernel} must reach beyond them.',
  poolPaddingHint: 'Set the padding to {most} or less.',
  outputPadding: 'has {pixels} pixels of output padding, but it must be less than its stride of {stride}.',
  outputPaddingHint:
    'Set the output padding to {most} or less: a convolution with stride {stride} drops at most {most} rows or columns.',
  cutsAll: 'cuts {rows} rows and {columns} columns off its edges, which leaves nothing of its output.',
  cutsAllHint: "Make the padding smaller, or set it to 'same'.",
  mirror: 'has {pixels} pixels at the {side}, but the mirror image of {size} has only {most}.',
  mirrorHint: 'Set it to {most} or less, or take another border.',
  top: 'top',
  bottom: 'bottom',
  left: 'left',
  right: 'right',
  sizeZero: 'has {label} 0, but a size is 1 or more, or −1 to infer it from the others.',
  sizeZeroHint: 'Set it to −1 or to a whole number from 1.',
  sizesOpen: 'has {open} sizes of −1, but only one can be inferred from the others.',
  sizesOpenHint: 'Give all sizes but one.',
  cannotReshape: 'cannot reshape the {values} values of {from} to {target}.',
  sizesDivide: 'The given sizes must divide {values}.',
  sizesMultiply: 'The sizes must multiply to {values}; −1 for one of them infers it.',
} as const;
