import type { Preprocessing } from '../../document/preprocessing.ts';
import { constantBlob } from './caffeLayer.ts';
import { FIXED_NAMES, type NamedLayer } from './caffePlan.ts';

/**
 * The first layer: from bytes, in the order blue, green, red that Caffe and OpenCV decode to, to the input of the
 * network. A convolution of one pixel normalizes and puts the channels into the order of the network.
 */
export function normalizeLayer(
  { channels, mean, deviation, channelOrder }: Preprocessing,
  block: NamedLayer['block'],
): NamedLayer {
  const isReversed = channels === 3 && channelOrder !== 'bgr';
  const weights = new Float32Array(channels * channels);
  const bias = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const factor = 1 / (deviation[channel] ?? NaN);
    weights[channel * channels + (isReversed ? channels - 1 - channel : channel)] = factor;
    bias[channel] = -(mean[channel] ?? NaN) * factor;
  }
  return {
    ...{ name: FIXED_NAMES.normalize, type: 'Convolution', block, bottoms: [FIXED_NAMES.data] },
    settings: { convolution_param: { num_output: channels, bias_term: true, kernel_size: 1 } },
    blobs: [constantBlob([channels, channels, 1, 1], weights), constantBlob([channels], bias)],
  };
}
