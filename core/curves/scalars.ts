import type { MetricEvent } from '../contract/metricEvent.ts';

/** A figure under the tag that TensorBoard shows; tags with the same beginning are one group of charts. */
export type Scalar = readonly [tag: string, value: number];

/** The figures of an event. A value that is not finite is NaN; one that was not measured is left out. */
export function scalarsOf(event: MetricEvent): readonly Scalar[] {
  switch (event.kind) {
    case 'step':
      return present([
        ['loss/train', event.loss ?? NaN],
        ['accuracy/train', event.accuracy],
        ['learning_rate', event.lr],
        ['gradient_norm', event.gradientNorm],
        ['images_per_second', event.imagesPerSecond],
        ['epoch', event.epoch],
      ]);
    case 'epoch':
      return present([
        ['loss/train_epoch', event.loss ?? NaN],
        ['accuracy/train_epoch', event.accuracy],
        // With an accuracy, a missing loss was not finite.
        ['loss/val', event.valAccuracy === null ? null : (event.valLoss ?? NaN)],
        ['accuracy/val', event.valAccuracy],
        ['loss/val_raw', event.rawValAccuracy === undefined ? null : (event.rawValLoss ?? NaN)],
        ['accuracy/val_raw', event.rawValAccuracy],
      ]);
    case 'statistics':
      return event.layers.flatMap(({ node, drift, warmup }): Scalar[] => [
        [`batchnorm/${node}/drift`, drift ?? NaN],
        [`batchnorm/${node}/initial_weight`, warmup],
      ]);
  }
}

function present(scalars: readonly (readonly [string, number | null | undefined])[]): Scalar[] {
  return scalars.flatMap(([tag, value]): Scalar[] =>
    value === null || value === undefined ? [] : [[tag, value]],
  );
}
