/** Model files: how they are written and checked. */
export const exporting = {
  notFinite:
    '{name} holds values that are not numbers (NaN or infinity). Train again with a lower learning rate, or go back to an earlier checkpoint.',
  noBatchSeen:
    'The BatchNorm block {block} has seen no batch, so there are no statistics to freeze. Train for at least one step, or recalibrate, then export again.',
  broken: 'The safetensors file is broken: {what}. Write it again, or take another copy.',
  differs:
    '{file} was not written, because reading it back gave logits that differ by {difference}, and rounding explains {tolerance} at most. Export again, and report it as a fault of NormLab if it persists.',
  differsMore:
    'Compared on {images} images: the largest difference is {relative} of the largest logit of its image, and the class is the same for {top1}.',
  hopeless:
    '{file} was not written, because no float32 file of this network can be checked: rounding alone moves its logits by {rounding}, and the largest is {largest}. A BatchNorm or another layer computes a small difference of large numbers; train with a smaller learning rate or more L2, or put a BatchNorm before that layer.',
  unreadable:
    '{file} was not written, because an independent reader could not read it back. Export again, and report it as a fault of NormLab if it persists.',
  died: 'The export ended unexpectedly, and no file was written; try again.',
  cancelledNoFile: 'The export was cancelled; no file was written.',
  cancelled: 'The export was cancelled.',
  runFile:
    '{file} is a file of the run in {folder}, which cannot be resumed without it; give another name for the export.',
  cannotPrepare:
    'Only an ONNX file can prepare images itself; leave the preprocessing out for {format}, or choose ONNX.',
  underWay: 'This export is already under way.',
  // What is wrong with a safetensors file, inside `broken`.
  noLength: 'it is shorter than the 8 bytes of its header length',
  longHeader: 'its header would have {bytes} bytes',
  endsInHeader: 'it ends inside its header',
  headerNotJson: 'its header is not JSON',
  headerNotObject: 'its header is not a JSON object',
  keyTwice: 'its header has the key {key} twice',
  metadataWrong: 'its metadata is not a map of strings',
  tensorWrong: 'tensor {name} is not described as it should be',
  tensorBytes: 'tensor {name} needs {wanted} bytes and has {found}',
  tensorGap: 'tensor {name} leaves a gap or overlaps the one before',
  tensorsBytes: 'its tensors need {wanted} bytes and {found} are there',
  // What an exported file holds and how it was checked.
  block: '{block}: {channels} channels, epsilon {epsilon}, decay {decay}, {estimator} variance',
  initialBlock:
    '{block}: {channels} channels, epsilon {epsilon}, decay {decay}, {estimator} variance; its statistics were never updated: mean 0 and variance 1, as they began',
  biased: 'biased',
  unbiased: 'unbiased',
  bestWeights: 'Weights of the best epoch, {epoch}, at step {step}.',
  lastWeights:
    'Weights of the last checkpoint: step {step}, after {count} whole epoch. | Weights of the last checkpoint: step {step}, after {count} whole epochs.',
  noBatchNorm: 'No BatchNorm: nothing to freeze.',
  frozenInitial:
    'Statistics of {count} BatchNorm block frozen as they began: no training step has updated them. | Statistics of {count} BatchNorm blocks frozen as they began: no training step has updated them.',
  frozenImported:
    'Statistics of {count} BatchNorm block frozen as they came from {source}. | Statistics of {count} BatchNorm blocks frozen as they came from {source}.',
  frozen:
    'Statistics of {count} BatchNorm block frozen: {origin}. | Statistics of {count} BatchNorm blocks frozen: {origin}.',
  frozenSomeInitial:
    'Statistics of {count} BatchNorm block frozen: {origin}, {initial} of them never updated. | Statistics of {count} BatchNorm blocks frozen: {origin}, {initial} of them never updated.',
  ofAverages: 'averaged weights, {origin}',
  moving: 'moving averages of {batches} batches',
  exactMeasured: 'exact over the batches that were measured',
  estimated: 'estimated from {batches} of {of} batches',
  estimatedOver: 'estimated from {batches} of {of} batches of {images}',
  exact: 'exact over all {batches} batches',
  exactOver: 'exact over all {batches} batches of {images}',
  trainingImages: 'the training images',
  validationImages: 'the validation images',
  folderImages: 'the images of a folder',
  checked: 'Read back and compared on {what}: logits differ by {difference} at most, {tolerance} allowed.',
  decodesWhole:
    'The file resizes whole images. NormLab decodes a JPEG that is at least twice as large as needed at a half, a quarter or an eighth of its size first, so that its own pixels of such files differ by 1 or 2 of 255 on average.',
  greyFirst:
    'The file takes grey images. NormLab resizes color images first and makes them grey afterwards; the other order differs by rounding, rarely by more than 1 of 255.',
  preparesImages:
    'The file takes bytes of images of any height and width, and resizes and normalizes them itself. It was compared on images in their own sizes, {noise} of them noise.',
  onNoise: '{images} images of generated noise (no images were available)',
  onImages: '{images} images',
  amplifies:
    'This network amplifies float32 rounding: against float64, rounding alone moves its logits by {rounding}.',
  tooLargeForZip:
    'The tensors have {bytes} bytes, and the archives that this version writes hold less than 4 GiB. Export to safetensors instead.',
  readingCurves: 'Reading the figures',
  noCurves: 'The run in {folder} has no figures yet. Train it for at least one step, then export again.',
  notForCurves: '{option} is for model files; leave it out for {format}.',
  noFormat: 'There is no format {format}: choose one of {formats}.',
} as const;
