/** What is wrong with a network, what to do about it, and what could be better. A hint stands behind its problem. */
export const graph = {
  block: '{title} {id}',
  nameAndId: '{name} ({id})',
  ofBlock: '{block} {problem}',
  more: 'and {more} more',
  firstOfMore: '{first} (and {more} more)',

  kindUnknown: '{block} is of kind "{kind}", which this NormLab does not know.',
  kindUnknownHint:
    'Replace the block by another, or open the project in the version that made it. Known kinds: {kinds}.',
  setParam: 'Set {param} to {value}',
  setParamOf: 'Set {param} of {block} to {value}',

  wireMissing: '{block} has no input.',
  wireMissingHint: 'Draw a wire from the block before it to it.',
  wireMissingAt: '{block} has no input at {port}.',
  wireMissingAtHint: 'Draw a wire from the block before it to its port {port}.',
  wireDangling: 'A wire runs from {source} to {target}, but {lost} does not exist.',
  wireDanglingTwice: 'A wire runs from {source} to {target}, but {source} and {target} do not exist.',
  wireDanglingHint: 'Draw another wire to {block}.',
  removeWire: 'Remove the wire.',
  inputUnknown: 'A wire from {source} runs to {port} of {block}, which has only {ports}.',
  inputNone: 'A wire from {source} runs to {port} of {block}, which has no input.',
  removeWireOrAddInputs: 'Remove the wire, or give the block more inputs.',
  giveInputs: 'Give it {inputs} inputs',
  outputUnknown: '{block} is fed from {port} of {source}, which has only {ports}.',
  outputNone: '{block} is fed from {port} of {source}, which has no output.',
  outputUnknownHint: 'Draw a wire from another block to {block}.',
  cycle: 'The wires form a cycle: {blocks}.',
  cycleHint: 'Delete one of these wires: values must flow from Input to Output.',

  inputMissing: 'The network has no Input block.',
  inputMissingHint: 'Add an Input and wire it to the first block.',
  inputMany: '{block} is one of {total} Input blocks ({blocks}), but a network has one.',
  inputManyHint: 'Keep one Input and delete the others.',
  outputMissing: 'The network has no Output block.',
  outputMissingHint: 'Add an Output and wire the last block to it.',
  outputMany: '{block} is one of {total} Output blocks ({blocks}), but a network has one.',
  outputManyHint: 'Keep one Output and delete the others.',
  unreachable: '{block} is not connected to the Input, so it is left out of training.',
  unreachableHint: 'Wire it into the network, or delete it.',
  deadEnd: '{block} feeds nothing, so it is left out of training.',
  deadEndHint: 'Wire it on towards the Output, or delete it.',

  inputNoImage:
    'The Input block “{name}” is {shape}, but images have 1 or 3 channels, a height and a width; set its size.',
  noTemplate: 'There is no template "{name}"; choose one of {names}.',
  noParameters:
    'Nothing in the network can be trained: no block between Input and Output has a trained parameter.',
  noParametersHint: 'Add a Dense or Conv2D, or let a BatchNorm train its gamma and beta.',
  lossOutputs: '{output} gets a single number, but the loss needs one for each class.',
  lossOutputsHint:
    '{fix}, or choose binary cross-entropy or focal in the training settings: these distinguish two classes by one number.',
  onePerClass: 'Give it one number for each class',
  classWeights:
    'The training settings give {weights} class weights, but the network distinguishes {classes} classes.',
  classWeightsHint:
    'Give one weight for each class, in the order of their names, or choose balanced weights.',

  classesMismatch: 'The network distinguishes {classes} classes, but the image folder has {found}.',
  classesMismatchHint: '{fix}, or choose another folder.',
  receiveClasses: 'Make {output} receive {classes} numbers',
  groupOfOne:
    '{block} would get one value per {axis} in each of its ghost groups, and one value has no variance.',
  groupOfOneHint: 'Set the ghost group to 2 or more, or to 0 for the whole batch.',
  wholeBatch: 'Normalize the whole batch',
  batchOfOne: '{block} would get one value per {axis} in each batch, and one value has no variance.',
  batchOfOneHint:
    'Set the batch size to 2 or more, or let the block normalize by running statistics without updating them.',
  lastBatchOfOne:
    '{block} would get one value per {axis} in the last batch of each epoch ({images} images are {full} × {batch} + 1), and one value has no variance.',
  lastBatchOfOneHint:
    'Drop the incomplete batch or merge it into the one before (training settings, remainder), or choose another batch size.',
  feature: 'feature',
  channel: 'channel',
  accumulatedNorm:
    '{block} normalizes by batches of {batch}, although an update accumulates the gradients of {accumulate} of them: training differs from that with batches of {whole}.',
  accumulatedNorms:
    '{norms} BatchNorm blocks normalize by batches of {batch}, although an update accumulates the gradients of {accumulate} of them: training differs from that with batches of {whole}.',
  accumulatedNormHint:
    'Make the batch larger if memory allows, or use a normalization that does not depend on the batch.',
  renormTooLate:
    '{block} begins to renormalize after step {start}, but this run has {steps} steps: it would be plain BatchNorm all along.',
  renormTooLateHint:
    'Let the ramps begin and end earlier, train for more epochs, or switch renormalization off.',

  biasBeforeNorm: 'The bias of {block} has no effect: {norm} subtracts it again with the mean.',
  biasBeforeNormHint: 'Switch the bias off; beta of {norm} does its work.',
  switchBiasOff: 'Switch the bias off',
  activationBeforeLoss:
    '{block} changes the logits right before the softmax of {output}, which expects them unchanged.',
  softmaxTwice:
    '{block} applies softmax, and the loss of {output} applies it once more: no class can come near probability 1, and gradients shrink.',
  removeActivation: 'Remove {block}: the Output applies softmax itself.',
  activationUseless: '{block} follows {source} directly and changes nothing.',
  activationTwice: '{block} follows {source} directly: two activations in a row.',
  activationTwiceHint: 'Remove one of them, or put a weighted block between them.',
  pytorchMomentum: '{block} has decay {decay}: each batch replaces {percent} % of the running statistics.',
  pytorchMomentumHint:
    "Decay weighs the OLD value. If {decay} came from PyTorch's momentum, the decay is {value}.",
  setDecay: 'Set decay to {value}',
  updateStatistics: 'Update the statistics',
  neverUpdatedInBatch:
    '{block} normalizes by batch statistics in training, but by running statistics in evaluation, and nothing updates those: they stay at the initial mean 0 and variance 1.',
  neverUpdatedInBatchHint: 'Let it update them, or measure them exactly after training.',
  neverUpdated:
    '{block} normalizes by the initial mean 0 and variance 1, which nothing updates: it only scales by gamma and shifts by beta.',
  neverUpdatedHint: 'Let it update them while the network is trained from its beginning.',
} as const;
