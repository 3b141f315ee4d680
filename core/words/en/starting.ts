/** What stands in the way of a start, and what to know before one. */
export const starting = {
  untrainable: 'The network cannot be trained; check its blocks.',
  noFullBatch:
    'The {images} training images do not fill one batch of {batch}, and incomplete batches are dropped: make the batch smaller, or keep incomplete batches.',
  unknownSamplerClass:
    'The sampler has a weight for the class “{name}”, which the training images do not have; they have {classes}.',
  noSamplerClass: 'The sampler leaves out every class; give at least one class a weight above 0.',
  orderLeaks:
    "The order of the images leaks their classes: {share} of the classes' variance lies between the batches ({shuffled} when shuffled), and a batch holds {entropy} bits of class entropy of the set's {entropyOfAll}. BatchNorm's running statistics then miss the variance between batches.",
  orderLeaksUnshuffled:
    "The order of the images leaks their classes: {share} of the classes' variance lies between the batches ({shuffled} when shuffled), and a batch holds {entropy} bits of class entropy of the set's {entropyOfAll}. BatchNorm's running statistics then miss the variance between batches; switch shuffling on.",
  bothLines: '{first}\n{second}',
} as const;
