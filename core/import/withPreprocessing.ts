import { DEFAULT_CROP_FRACTION } from '../document/crop.ts';
import type { DataSettings } from '../document/dataSettings.ts';
import type { GraphDocument } from '../document/schema.ts';
import type { PublishedPreprocessing } from './architectures/published.ts';

/** Mean and deviation of the bytes of an image, per channel of the network's input. */
export interface ByteNormalization {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Digits of a byte unit that are kept: 0.485 * 255 is 123.675, not 123.67499999999998. */
const DIGITS = 10;

/** The project with a fixed normalization of its images. */
export function withNormalization(
  document: GraphDocument,
  { mean, deviation }: ByteNormalization,
  more: Partial<DataSettings> = {},
): GraphDocument {
  const rounded = (values: readonly number[]): number[] =>
    values.map((value) => Number(value.toPrecision(DIGITS)));
  const normalization = { kind: 'fixed', mean: rounded(mean), deviation: rounded(deviation) } as const;
  return { ...document, data: { ...document.data, normalization, ...more } };
}

/** The project with images prepared as for the published weights: normalized, resized and cropped. */
export function withPreprocessing(
  document: GraphDocument,
  { mean, deviation, resize, crop }: PublishedPreprocessing,
): GraphDocument {
  const inBytes = (values: readonly number[]): number[] => values.map((value) => value * 255);
  const cropFraction = crop / resize;
  return withNormalization(
    document,
    { mean: inBytes(mean), deviation: inBytes(deviation) },
    {
      resize: 'crop',
      ...(cropFraction === DEFAULT_CROP_FRACTION ? {} : { cropFraction }),
    },
  );
}
