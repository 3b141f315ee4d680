import type { TrainedModel } from '#core/export/trainedModel.ts';
import {
  beside,
  drawChannels,
  drawKernels,
  drawOver,
  drawPicture,
  type Drawing,
} from '#core/insight/drawing.ts';
import type { PixelMap } from '#core/insight/imageValues.ts';
import { occlusionGrid, spreadSquares } from '#core/insight/occlusionGrid.ts';
import { upsample } from '#core/insight/upsample.ts';
import { openImage } from '../data/decode/sharpSetup.ts';
import type { LookResult } from './lookResult.ts';

/** A picture and a tile are drawn at least so large, in pixels. */
const PICTURE_SIDE = 256;
const TILE_SIDE = 32;
/** The channels or kernels that are drawn; the values have all. */
const MOST_TILES = 256;
const GAP = 8;

/**
 * A PNG: of a map, the picture and beside it the picture under the map; of the output of a block or of kernels, a tile
 * for each channel, up to 256.
 */
export async function drawLook(model: TrainedModel, image: Uint8Array, result: LookResult): Promise<Buffer> {
  const { height, width, rgb } = drawingOf(model, image, result);
  const input = { bytes: Buffer.from(rgb.buffer), raw: { width, height, channels: 3 } } as const;
  return openImage(input, 'error').png().toBuffer();
}

function drawingOf(model: TrainedModel, image: Uint8Array, result: LookResult): Drawing {
  const { method, shape, values } = result;
  if (method === 'filters') return drawFilters(shape, values);
  if (method === 'features') return drawFeatures(shape, values);
  const { channels, height, width } = model.preprocessing;
  const scale = scaleOf(PICTURE_SIDE, height, width);
  const picture = drawPicture({ channels, height, width, bytes: image }, scale);
  const map = overPixels(model, result);
  return beside(picture, drawOver(picture, upsample(map, picture.height, picture.width)), GAP);
}

/** A class's map at the resolution of its block; an occlusion map at that of the picture. */
function overPixels({ preprocessing }: TrainedModel, { shape, values, size, stride }: LookResult): PixelMap {
  const [height = 1, width = 1] = shape;
  if (size === null || stride === null) return { height, width, values };
  return spreadSquares(occlusionGrid(preprocessing, { size, stride }), values, preprocessing);
}

function drawFeatures([total = 1, height = 1, width = 1]: readonly number[], values: Float32Array): Drawing {
  const channels = Math.min(total, MOST_TILES);
  return drawChannels({ channels, height, width, values }, scaleOf(TILE_SIDE, height, width));
}

function drawFilters(shape: readonly number[], values: Float32Array): Drawing {
  const [out = 1, from = 1, height = 1, width = 1] = shape;
  const kernels = Math.max(1, Math.min(out, Math.floor(MOST_TILES / (from === 3 ? 1 : from))));
  return drawKernels([kernels, from, height, width], values, scaleOf(TILE_SIDE, height, width));
}

function scaleOf(side: number, height: number, width: number): number {
  return Math.max(1, Math.ceil(side / Math.max(height, width)));
}
