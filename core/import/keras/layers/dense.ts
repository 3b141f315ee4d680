import { activate } from '../activation.ts';
import { cannot, giveTensors, settledInput, type Convert, type Wanted } from '../layerContext.ts';
import { asIs, denseKernel, type Recipe } from '../slotValues.ts';
import { plainOrder } from '../vectorOrder.ts';

/**
 * `Dense`. On an image Keras applies it to the channels of each pixel: a convolution of 1 × 1. The columns of its
 * kernel are put in our order where a Flatten is before it.
 */
export const convertDense: Convert = (context) => {
  const { layer, network, channelsFirst } = context;
  const units = layer.settings.whole('units');
  const bias = layer.settings.flag('use_bias', true);
  const input = settledInput(context);
  const onImage = input.order === null;
  if (onImage && channelsFirst) throw cannot(context, 'data_format channels_first');
  const built = onImage
    ? network.add({ layer }, 'conv2d', [input], { filters: units, kernel: 1, padding: 'valid', bias })
    : network.add({ layer }, 'dense', [input], { units, bias });
  const inputs = input.shape[0] ?? 1;
  const recipe: Recipe = denseKernel([units, inputs], input.order ?? plainOrder(inputs));
  const biases: Wanted[] = bias ? [{ field: 'bias', built, recipe: asIs([units]) }] : [];
  giveTensors(context, [{ field: 'weights', built, recipe }, ...biases]);
  return activate(context, built.tensor);
};
