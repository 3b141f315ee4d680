import { LEAST_CROP_FRACTION } from '../../document/crop.ts';
import { presetSettings } from '../../document/normalization.ts';
import type { DataSettings } from '../../document/dataSettings.ts';
import { message, type Message } from '../../words/message.ts';
import { namingFile } from '../fileFault.ts';
import type { ModelFile } from '../foreignModel.ts';
import type { ByteNormalization } from '../withPreprocessing.ts';
import { decodeBlob } from './blob.ts';
import type { CaffeLayer } from './caffeNet.ts';
import { transformOf } from './networkInput.ts';
import type { Settings } from './settings.ts';

/** How images are prepared: mean and deviation of bytes, and further settings of the project. */
interface CaffePreparation {
  readonly scale: ByteNormalization;
  readonly settings: Partial<DataSettings>;
}

/** Values in a message are rounded to this many digits. */
const DIGITS = 3;

/**
 * The preparation that a layer of images describes: `(byte - mean) · scale`, channels in the order blue, green, red.
 * For images in color of which the files say nothing, Caffe's usual means. Null for grey images of which they say
 * nothing.
 */
export function preparationOf(
  sources: readonly CaffeLayer[],
  channels: number,
  file: ModelFile,
  notes: Message[],
): CaffePreparation | null {
  const source = sources.find((each) => isTelling(transformOf(each)));
  if (sources.map(transformOf).some((each) => each.flag('mirror', false)))
    notes.push(message('caffeFiles.mirrored'));
  if (source === undefined) return usual(channels, notes);
  const transform = transformOf(source);
  const mean = meanOf(transform, channels, file, notes);
  const factor = transform.number('scale', 1);
  if (mean === null || !(factor > 0)) return usual(channels, notes);
  const deviation = mean.map(() => 1 / factor);
  notes.push(message('caffeFiles.prepares', { mean: listed(mean), deviation: listed(deviation) }));
  return { scale: { mean, deviation }, settings: { ...orderOf(channels), ...cropOf(source) } };
}

/** The center is cropped of images that ImageData resized, or by the default fraction. */
function cropOf(source: CaffeLayer): Partial<DataSettings> {
  const crop = transformOf(source).whole('crop_size', 0);
  if (crop <= 0) return {};
  const resized = source.settings.child('image_data_param').whole('new_height', 0);
  const fraction = crop / resized;
  const isKnown = resized > 0 && fraction >= LEAST_CROP_FRACTION && fraction <= 1;
  return { resize: 'crop', ...(isKnown ? { cropFraction: fraction } : {}) };
}

function isTelling(settings: Settings): boolean {
  return ['mean_value', 'mean_file', 'scale'].some((name) => settings.has(name));
}

function orderOf(channels: number): Partial<DataSettings> {
  return channels === 3 ? { channelOrder: 'bgr' } : {};
}

function usual(channels: number, notes: Message[]): CaffePreparation | null {
  const preset = presetSettings('caffe', channels);
  if (preset?.normalization === undefined) {
    notes.push(message('caffeFiles.noPreparation'));
    return null;
  }
  notes.push(message('caffeFiles.usualPreparation', { mean: listed(preset.normalization.mean) }));
  return { scale: preset.normalization, settings: orderOf(channels) };
}

/** One mean for each channel; null where they are in a file that is not there. */
function meanOf(
  transform: Settings,
  channels: number,
  file: ModelFile,
  notes: Message[],
): readonly number[] | null {
  const values = transform.numbers('mean_value');
  if (values.length === channels) return values;
  const path = transform.text('mean_file');
  if (values.length === 0 && path !== null) return meanOfFile(path, channels, file, notes);
  return Array.from({ length: channels }, () => values[0] ?? 0);
}

/** The mean image of a `.binaryproto` beside the model, averaged over its pixels. */
function meanOfFile(
  path: string,
  channels: number,
  file: ModelFile,
  notes: Message[],
): readonly number[] | null {
  const name = path.split(/[/\\]/u).at(-1) ?? '';
  const bytes = file.beside(name);
  if (bytes === null) {
    notes.push(message('caffeFiles.noMeanFile', { name }));
    return null;
  }
  const values = namingFile(name, () => {
    const blob = decodeBlob(bytes);
    blob.check(name);
    return blob.read();
  });
  const pixels = values.length / channels;
  if (!Number.isInteger(pixels) || pixels === 0) return null;
  notes.push(message('caffeFiles.meanFile', { name }));
  return Array.from({ length: channels }, (_, channel) => {
    const plane = values.subarray(channel * pixels, (channel + 1) * pixels);
    return plane.reduce((sum, value) => sum + value, 0) / pixels;
  });
}

function listed(values: readonly number[]): string {
  return values.map((value) => Number(value.toFixed(DIGITS))).join(', ');
}
