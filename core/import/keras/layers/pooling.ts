import type { Params } from '../../../document/schema.ts';
import { cannot, settledInput, type Convert, type LayerContext } from '../layerContext.ts';

/** `MaxPooling2D`. */
export const convertMaxPool: Convert = (context) =>
  context.network.add({ layer: context.layer }, 'maxPool', [settledInput(context)], windowOf(context)).tensor;

/** `AveragePooling2D`, which divides by the pixels inside the image. */
export const convertAvgPool: Convert = (context) =>
  context.network.add({ layer: context.layer }, 'avgPool', [settledInput(context)], {
    ...windowOf(context),
    countPadding: false,
  }).tensor;

/** `GlobalAveragePooling2D`: a vector, or an image of one pixel with `keepdims`. */
export const convertGlobalAvgPool: Convert = (context) => {
  const { layer, network } = context;
  const pooled = network.add({ layer }, 'globalAvgPool', [settledInput(context)]).tensor;
  if (!layer.settings.flag('keepdims', false)) return pooled;
  return network.add({ layer, suffix: '_keepdims' }, 'reshape', [pooled], { to: 'picture' }).tensor;
};

function windowOf(context: LayerContext): Params {
  const { settings } = context.layer;
  const [height, width] = settings.pair('pool_size', 2);
  const [strideY, strideX] = settings.pair('strides', [height, width]);
  const padding = settings.text('padding', 'valid');
  if (height !== width) throw cannot(context, `pool_size ${height} × ${width}`);
  if (strideY !== strideX) throw cannot(context, `strides ${strideY} × ${strideX}`);
  if (padding !== 'same' && padding !== 'valid') throw cannot(context, `padding ${padding}`);
  return { kernel: height, stride: strideY, padding };
}
