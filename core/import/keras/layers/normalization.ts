import type { Params } from '../../../document/schema.ts';
import { isObject } from '../settings.ts';
import {
  cannot,
  giveConstant,
  giveTensors,
  isChannelAxis,
  settledInput,
  type Convert,
  type LayerContext,
  type Wanted,
} from '../layerContext.ts';
import type { Built } from '../networkBuilder.ts';
import { asIs, featureValues, imageValues, type Recipe } from '../slotValues.ts';
import type { Tensor } from '../tensor.ts';
import { isPlain } from '../vectorOrder.ts';
import { message } from '../../../words/message.ts';

/**
 * `BatchNormalization`. Tensors in the file: gamma and beta where they are on, then moving mean and variance. A frozen
 * layer normalizes by its running statistics and updates nothing, as Keras does.
 */
export const convertBatchNorm: Convert = (context) => {
  const { layer, network } = context;
  const input = settledInput(context);
  checkAxis(context, input);
  const [hasGamma, hasBeta] = [layer.settings.flag('scale', true), layer.settings.flag('center', true)];
  const built = network.add({ layer, order: input.order }, 'batchNorm', [input], {
    ...batchNormParams(context, input),
    trainGamma: hasGamma && layer.trainable,
    trainBeta: hasBeta && layer.trainable,
  });
  const recipe = perChannel(input);
  const fields = [...(hasGamma ? ['gamma'] : []), ...(hasBeta ? ['beta'] : []), ...['mean', 'variance']];
  giveTensors(
    context,
    fields.map((field) => ({ field, recipe, built })),
  );
  if (!hasGamma) giveConstant(context, built, 'gamma', 1);
  if (!hasBeta) giveConstant(context, built, 'beta', 0);
  return built.tensor;
};

function batchNormParams(context: LayerContext, input: Tensor): Params {
  const { layer, major } = context;
  const { settings } = layer;
  const isFrozen = !layer.trainable || layer.isInference;
  // The fused kernel of TensorFlow, which Keras 2 took for images, stores the unbiased variance.
  const isUnbiased = major < 3 && input.order === null;
  return {
    averaging: 'decay',
    decay: settings.number('momentum', 0.99),
    epsilon: settings.number('epsilon', 1e-3),
    variance: isUnbiased ? 'unbiased' : 'biased',
    normalizeBy: isFrozen ? 'stored' : 'batch',
    updateStatistics: !isFrozen,
    ghostSize: settings.whole('virtual_batch_size', 0),
    ...renormParams(context),
  };
}

/** Largest r and d of our block; Keras' absent bounds mean none. */
const MOST_RENORM = 1000;

function renormParams({ layer, network }: LayerContext): Params {
  if (!layer.settings.flag('renorm', false)) return {};
  const clipping = layer.settings.raw('renorm_clipping');
  const bound = (name: string): number => {
    const value = isObject(clipping) ? clipping[name] : undefined;
    return typeof value === 'number' ? Math.min(MOST_RENORM, Math.max(0, value)) : MOST_RENORM;
  };
  network.notes.push(message('kerasFiles.renorm', { layer: layer.name }));
  return {
    renorm: true,
    renormMaxR: Math.max(1, bound('rmax')),
    renormMaxD: bound('dmax'),
    ...{ renormStart: 0, renormEndR: 0, renormEndD: 0 },
  };
}

/** `LayerNormalization` over the channels of each pixel, over the features of a vector, or over the whole sample. */
export const convertLayerNorm: Convert = (context) => {
  const { layer, network, channelsFirst } = context;
  const { settings } = layer;
  if (settings.flag('rms_scaling', false)) throw cannot(context, 'rms_scaling');
  const input = settledInput(context);
  const rank = input.shape.length + 1;
  const axes = settings.wholes('axis', -1).map((axis) => (axis < 0 ? axis + rank : axis));
  const isWhole = input.order === null && axes.length === 3 && axes.every((axis) => axis > 0);
  const [axis = 0] = axes;
  if (!isWhole && (axes.length !== 1 || !isChannelAxis(context, input, axis))) throw cannot(context, 'axis');
  const whole: Recipe = channelsFirst ? asIs(input.shape) : imageValues(input.shape);
  return sampleNorm(context, network, input, {
    kind: 'layerNorm',
    recipe: isWhole ? whole : perChannel(input),
    params:
      isWhole || input.order !== null ? { over: 'wholeSample', affine: 'eachValue' } : { over: 'eachPixel' },
  });
};

/** `GroupNormalization`; −1 groups mean one per channel. */
export const convertGroupNorm: Convert = (context) => {
  const { settings } = context.layer;
  const input = settledInput(context);
  checkAxis(context, input);
  if (input.order !== null && !isPlain(input.order)) throw cannot(context, 'axis');
  const groups = settings.whole('groups', 32);
  return sampleNorm(context, context.network, input, {
    kind: 'groupNorm',
    recipe: perChannel(input),
    params: { groups: groups === -1 ? (input.shape[0] ?? 1) : groups },
  });
};

function sampleNorm(
  context: LayerContext,
  network: LayerContext['network'],
  input: Tensor,
  { kind, recipe, params }: { kind: string; recipe: Recipe; params: Params },
): Tensor {
  const { layer } = context;
  const { settings } = layer;
  const [gamma, beta] = [settings.flag('scale', true), settings.flag('center', true)];
  const epsilon = settings.number('epsilon', 1e-3);
  const at = { layer, order: input.order };
  const built: Built = network.add(at, kind, [input], { ...params, gamma, beta, epsilon });
  const wanted: Wanted[] = [
    ...(gamma ? [{ field: 'gamma', recipe, built }] : []),
    ...(beta ? [{ field: 'beta', recipe, built }] : []),
  ];
  giveTensors(context, wanted);
  return built.tensor;
}

/** One value per channel of an image or feature of a vector. */
function perChannel({ shape, order }: Tensor): Recipe {
  const dims = shape.slice(0, 1);
  return order === null ? asIs(dims) : featureValues(order, dims);
}

function checkAxis(context: LayerContext, input: Tensor): void {
  const axes = context.layer.settings.wholes('axis', -1);
  const [axis = 0] = axes;
  if (axes.length !== 1 || !isChannelAxis(context, input, axis))
    throw cannot(context, `axis ${axes.join(' ')}`);
}
