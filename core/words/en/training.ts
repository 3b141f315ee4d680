/** The course of a training run. */
export const training = {
  divergedLoss:
    'Training diverged at step {step} (epoch {epoch}): numbers grew beyond what can be computed with, at learning rate {rate}; try a learning rate of {tryRate} (a tenth), a longer warm-up, or batch normalization.',
  divergedGradient:
    'The gradient of step {step} (epoch {epoch}) holds a number that is not finite, so it cannot be clipped, although the loss is finite (learning rate {rate}); try a learning rate of {tryRate} (a tenth), or precision f32 if it is bf16.',
  divergedBatch:
    'BatchNorm block {node} got statistics that are not finite at step {step} (epoch {epoch}), in the batch of {images}, at learning rate {rate}; try a learning rate of {tryRate} (a tenth), a longer warm-up, or clipping of the gradient.',
  divergedImage:
    'BatchNorm block {node} got statistics that are not finite at step {step} (epoch {epoch}), and only {image} of its batch causes them; look at that image, or leave it out.',
  storedStatistics: 'The running statistics are those before this batch.',
  imageNumber: 'image {index}',
  nothingKept: 'No checkpoint had been written, so there are no weights to go back to.',
  checkpointKept: 'The checkpoint of step {step} (after {epochs}) is kept.',
  bestKept:
    'The checkpoint of step {step} (after {epochs}) is kept, and so are the weights of the best epoch, {best}.',
  epochs: '{count} epoch | {count} epochs',
} as const;
