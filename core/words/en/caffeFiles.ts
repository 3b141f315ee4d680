/**
 * What is wrong with a Caffe model, or what the lab cannot express of it: inside `importing.broken` or
 * `importing.notSupported`, or a note of its own.
 */
export const caffeFiles = {
  // The two files.
  noWeightsBeside:
    '{file} describes a network without its weights, and no .caffemodel is in its folder. Put the weights there.',
  severalWeights:
    'The folder of {file} has {count} files of weights: {names}. Give the one that belongs to it the same name, with the ending .caffemodel.',
  severalTexts:
    'The folder of {file} has {count} descriptions of networks: {names}. Give the one that belongs to it the same name, with the ending .prototxt.',
  noTextBeside:
    '{file} has weights without a description of their network, and no .prototxt is in its folder. Put its deploy.prototxt there.',
  notOpened: 'The file {name} beside {file} cannot be opened. Check that it is a file that you may read.',
  // Broken files.
  notProtobuf: 'it is no .caffemodel of Caffe, or it ends too early',
  notText: 'a text in it is not valid UTF-8',
  unexpected: 'line {line} has an unexpected {found}',
  endsEarly: 'it ends in line {line} within a message',
  nesting: 'its messages are nested more than {most} deep',
  longText: 'a text of more than {most} bytes describes no network',
  tooLarge: 'it has more than {most} settings',
  manyLayers: 'its network has more than {most} layers',
  manyChannels: 'the layer {layer} has more than {most} channels',
  manyDims: 'a blob has more than {most} dims',
  longName: 'a name in it has more than {most} characters',
  noLayers: 'it describes no network: it has no layers',
  noType: 'the layer {layer} has no type',
  setting: 'the setting {setting} of the layer {layer} is {found}',
  sameNames: 'several layers with weights have the name {layer}',
  noSource: 'the layer {layer} reads {value}, which no layer before it writes',
  twoSources: 'the layer {layer} writes {value}, which a layer before it has written',
  inputCount: 'the layer {layer} has {found} inputs, not as many as its type needs',
  wrongCount: 'the weights {name} are {dims} and have {found} values',
  blobDims: 'the weights {name} are {found}, and the network needs {wanted}',
  statistics: 'the layer {layer} has {found} blobs; a BatchNorm has mean, variance and their weight',
  // What cannot be expressed.
  layerUnknown: 'the layer {layer} is a {kind}, which NormLab has no block for',
  layersUnknown:
    'the layer {layer} is a {kind}, which NormLab has no block for (further layers without a block: {more})',
  settingUnsupported: 'the layer {layer} is a {kind} with {setting}, which NormLab has no block for',
  misfit: 'the layer {layer}, a {kind}, does not fit a block ({problem})',
  emptyWindow: 'the last window of the layer {layer} has no pixel of the image',
  inputs: 'its output depends on {count} inputs; a network has one, the images',
  inputShape: 'its input {layer} is {dims}; images have 1 or 3 channels, a height and a width',
  noInputSize:
    'it does not say the size of its images; take the description that has it, usually deploy.prototxt',
  noOutput: 'no layer of it gives an output',
  imageOutput:
    'its output, of the layer {layer}, is an image of {dims}; a network for classes gives a vector',
  // What the user should know.
  twoFiles: 'The network is that of {text}, and the weights are those of {weights}.',
  oneOutput: 'The network has several outputs; {name} was taken and {count} left out.',
  readoutDropped:
    'The last layer, {layer} ({kind}), was left out: the Output block gives logits, and the loss applies the function itself.',
  globalStatistics:
    '{count} BatchNorm layers have use_global_stats: true. Their blocks use the running statistics in training too; choose another BatchNorm policy to change that.',
  mirrored:
    'Training mirrored images at random (mirror: true); add a horizontal flip to the augmentation for the same.',
  prepares:
    'The file says how images were prepared: mean {mean} and deviation {deviation} in units of bytes, channels in the order blue, green, red where there are three.',
  usualPreparation:
    'The file does not say how images were prepared. Proposed is what most networks of Caffe take: channels in the order blue, green, red, mean {mean} and deviation 1 in units of bytes.',
  noPreparation:
    'The file does not say how images were prepared: choose the normalization that the model was trained with.',
  meanFile: 'The means are those of {name}, averaged over its pixels.',
  noMeanFile: 'The mean image {name} is not in the folder.',
} as const;
