import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { CaffeLayer } from './caffeNet.ts';
import type { Settings } from './settings.ts';
import type { WiredLayer } from './wiring.ts';

/** Settings of a layer that gives images: those of the transformation, or those of its own in old files. */
export function transformOf({ type, settings }: CaffeLayer): Settings {
  if (settings.has('transform_param')) return settings.child('transform_param');
  return settings.child(type === 'ImageData' ? 'image_data_param' : 'data_param');
}

/** `[C, H, W]` of the images. Throws a fault where the file does not say it, or where it is no image. */
export function inputShape(source: CaffeLayer, needed: readonly WiredLayer[]): readonly number[] {
  const { settings, name } = source;
  const dims = statedDims(source) ?? dataDims(source, needed);
  const [channels = 0, height = 0, width = 0] = dims;
  const isImage = dims.length === 3 && dims.every((dim) => dim > 0) && (channels === 1 || channels === 3);
  if (isImage) return [channels, height, width];
  const isOpen = dims.length === 3 && (height === 0 || width === 0) && !settings.has('input_param');
  if (isOpen) throw unsupportedFile(message('caffeFiles.noInputSize'));
  throw unsupportedFile(message('caffeFiles.inputShape', { layer: name, dims: dims.join(' × ') }));
}

/** The dims after the batch, where the layer has them. */
function statedDims({ type, settings }: CaffeLayer): readonly number[] | null {
  if (type === 'Input') return settings.child('input_param').child('shape').wholes('dim').slice(1);
  if (type === 'MemoryData') return namedDims(settings.child('memory_data_param'));
  if (type !== 'DummyData') return null;
  const dummy = settings.child('dummy_data_param');
  const [shape] = dummy.children('shape');
  return shape === undefined ? namedDims(dummy) : shape.wholes('dim').slice(1);
}

function namedDims(settings: Settings): readonly number[] {
  const [channels, height, width] = ['channels', 'height', 'width'].map(
    (name) => settings.wholes(name)[0] ?? 0,
  );
  return [channels ?? 0, height ?? 0, width ?? 0];
}

/** The crop, or the size that the layer gives all images; the channels are those of the first kernel. */
function dataDims(source: CaffeLayer, needed: readonly WiredLayer[]): readonly number[] {
  const transform = transformOf(source);
  const image = source.settings.child('image_data_param');
  const crop = transform.whole('crop_size', 0);
  const size = crop > 0 ? [crop, crop] : [image.whole('new_height', 0), image.whole('new_width', 0)];
  const isGrey = transform.flag('force_gray', false) || !image.flag('is_color', true);
  return [isGrey ? 1 : (kernelChannels(source, needed) ?? 3), ...size];
}

function kernelChannels(source: CaffeLayer, needed: readonly WiredLayer[]): number | null {
  for (const { layer, inputs } of needed) {
    if (!inputs.some(({ by }) => by.layer === source)) continue;
    const dims = layer.type === 'Convolution' ? layer.blobs[0]?.dims : undefined;
    if (dims?.length === 4)
      return (dims[1] ?? 0) * layer.settings.child('convolution_param').whole('group', 1);
  }
  return null;
}
