import { message } from '../../../words/message.ts';
import { cannot, onlyInput, settledInput, type Convert, type LayerContext } from '../layerContext.ts';

/** `Dropout`: of values, of channels or of samples, by its noise shape. */
export const convertDropout: Convert = (context) => dropout(context, kindOf(context));

/** `SpatialDropout2D`. */
export const convertSpatialDropout: Convert = (context) => dropout(context, 'spatialDropout');

function dropout(context: LayerContext, kind: string): ReturnType<Convert> {
  const { layer, network } = context;
  const rate = layer.settings.number('rate');
  // Called with training=False, it does nothing in training either.
  if (layer.isInference || rate === 0) return onlyInput(context);
  const input = settledInput(context);
  return network.add({ layer, order: input.order }, kind, [input], { rate }).tensor;
}

/** `noise_shape` has a 1 along each axis whose values are dropped together; null is the axis' own size. */
function kindOf(context: LayerContext): string {
  const shape = context.layer.settings.raw('noise_shape');
  if (shape === undefined) return 'dropout';
  const axes: unknown[] = Array.isArray(shape) ? shape.slice(1) : [];
  if (axes.length > 0 && axes.every((size) => size === 1)) return 'stochasticDepth';
  throw cannot(context, 'noise_shape');
}

/** Noise, penalties and random changes of images: nothing outside training. */
export const leaveOut: Convert = (context) => {
  const { layer, network } = context;
  network.notes.push(message('kerasFiles.leftOut', { layer: layer.name, kind: layer.kind }));
  return onlyInput(context);
};
