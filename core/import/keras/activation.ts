import type { Params } from '../../document/schema.ts';
import { brief } from '../../document/brief.ts';
import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import { cannot, type LayerContext } from './layerContext.ts';
import { isObject, Settings } from './settings.ts';
import type { Tensor } from './tensor.ts';

/** An activation block; null: the identity. */
export type ActivationBlock = { readonly kind: string; readonly params?: Params } | null;

/** Names of activation functions of Keras whose block has no parameters of its own. */
const BY_NAME: Readonly<Record<string, ActivationBlock>> = {
  linear: null,
  relu: { kind: 'relu' },
  relu6: { kind: 'relu6' },
  elu: { kind: 'elu' },
  gelu: { kind: 'gelu' },
  silu: { kind: 'silu' },
  swish: { kind: 'silu' },
  hard_silu: { kind: 'hardSwish' },
  hard_swish: { kind: 'hardSwish' },
  sigmoid: { kind: 'sigmoid' },
  tanh: { kind: 'tanh' },
  softmax: { kind: 'softmax' },
  // keras.activations.leaky_relu, whose slope is another than that of the layer LeakyReLU.
  leaky_relu: { kind: 'leakyRelu', params: { alpha: 0.2 } },
};

/** The output of a layer after the activation of its settings. */
export function activate(context: LayerContext, tensor: Tensor): Tensor {
  return addActivation(context, tensor, activationOf(context, context.layer.settings.raw('activation')));
}

/** Adds an activation, unless it is a softmax or sigmoid at the end of the model: the loss takes logits. */
export function addActivation(context: LayerContext, tensor: Tensor, block: ActivationBlock): Tensor {
  if (block === null) return tensor;
  const { layer, network, isLast } = context;
  if (isLast && (block.kind === 'softmax' || block.kind === 'sigmoid')) {
    network.notes.push(
      message('kerasFiles.droppedActivation', { layer: layer.name, activation: block.kind }),
    );
    return tensor;
  }
  const isOwn = /activation|^(re|elu|gelu|soft|leaky)/i.test(layer.kind);
  const suffix = isOwn ? '' : `_${block.kind}`;
  return network.add({ layer, suffix, order: tensor.order }, block.kind, [tensor], block.params).tensor;
}

/**
 * The block of an activation as Keras writes it: a name, a function `{class_name: 'function', config: name}`, or a
 * layer `{class_name: 'LeakyReLU', config: {…}}`.
 */
function activationOf(context: LayerContext, value: unknown): ActivationBlock {
  if (value === undefined) return null;
  if (typeof value === 'string') return named(context, value);
  if (isObject(value) && typeof value['class_name'] === 'string') {
    const { class_name: kind, config } = value;
    if (typeof config === 'string') return named(context, config);
    return layerActivation(context, String(kind), new Settings(context.layer.name, config ?? {}));
  }
  throw cannot(context, 'activation');
}

/** The block of an activation layer, such as `ReLU(max_value=6)`. */
export function layerActivation(context: LayerContext, kind: string, settings: Settings): ActivationBlock {
  switch (kind) {
    case 'Activation':
      return activationOf(context, settings.raw('activation'));
    case 'ReLU':
      return reluBlock(context, settings);
    case 'LeakyReLU':
      return leaky(settings.number('negative_slope', settings.number('alpha', 0.3)));
    case 'ELU':
      return { kind: 'elu', params: { alpha: settings.number('alpha', 1) } };
    // The operation keras.ops.gelu is called Gelu, and approximates by default.
    case 'GELU':
    case 'Gelu':
      return geluBlock(settings.flag('approximate', kind === 'Gelu'));
    case 'Softmax':
      return { kind: 'softmax' };
    default:
      throw unsupportedFile(message('kerasFiles.layerUnknown', { layer: context.layer.name, kind }));
  }
}

function geluBlock(approximate: boolean): ActivationBlock {
  return { kind: 'gelu', params: { form: approximate ? 'tanh' : 'erf' } };
}

function leaky(alpha: number): ActivationBlock {
  return alpha === 0 ? { kind: 'relu' } : { kind: 'leakyRelu', params: { alpha } };
}

function reluBlock(context: LayerContext, settings: Settings): ActivationBlock {
  const slope = settings.number('negative_slope', 0);
  if (settings.number('threshold', 0) !== 0) throw cannot(context, 'threshold');
  if (settings.raw('max_value') === undefined) return leaky(slope);
  const most = settings.number('max_value');
  if (most !== 6 || slope !== 0) throw cannot(context, `max_value ${most}`);
  return { kind: 'relu6' };
}

function named(context: LayerContext, name: string): ActivationBlock {
  // Keras 2 clipped 0.2 x + 0.5, a function that NormLab has no block for.
  if (name === 'hard_sigmoid' && context.major >= 3) return { kind: 'hardSigmoid' };
  const block = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (block !== undefined) return block;
  throw unsupportedFile(message('kerasFiles.activation', { layer: context.layer.name, name: brief(name) }));
}
