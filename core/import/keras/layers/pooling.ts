import type { Params } from '../../../document/schema.ts';
import { cannot, onlyInput, settledInput, type Convert, type LayerContext } from '../layerContext.ts';

/** `MaxPooling2D`. */
export const convertMaxPool: Convert = (context) => {
  const { layer, network } = context;
  const input = onlyInput(context);
  const { pending } = input;
  const window = windowOf(context);
  // Pixels that are never a maximum are the block's own padding.
  if (pending?.kind !== 'padded' || pending.with.value > NEVER_MOST || window['padding'] !== 'valid')
    return network.add({ layer }, 'maxPool', [settledInput(context)], window).tensor;
  const { top, left, bottom, right } = pending.sides;
  const sides = { pad: top, padLeft: left, padBottom: bottom, padRight: right };
  const params = { ...window, padding: 'explicit', asymmetric: true, ...sides };
  return network.add({ layer }, 'maxPool', [{ ...input, pending: null }], params).tensor;
};

/** Below all values of real images; padding writes the lowest float32. */
const NEVER_MOST = -1e38;

/** `AdaptiveAveragePooling2D`, whose windows are those of PyTorch. */
export const convertAdaptivePool: Convert = (context) => {
  const { layer, network } = context;
  const [height, width] = layer.settings.pair('output_size');
  return network.add({ layer }, 'adaptiveAvgPool', [settledInput(context)], { height, width }).tensor;
};

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
