import { message } from '../../../words/message.ts';
import { brokenFile, unsupportedFile } from '../../fileFault.ts';
import { cannot, isChannelAxis, type Convert, type LayerContext } from '../layerContext.ts';
import type { Tensor } from '../tensor.ts';
import { isSameOrder, type VectorOrder } from '../vectorOrder.ts';

/** Inputs of one block. */
const MOST_INPUTS = 8;

/** `Add` of several tensors. */
export const convertAdd: Convert = (context) => valueByValue(context, 'add');

/** `Multiply` of several tensors; one pixel is broadcast over an image. */
export const convertMultiply: Convert = (context) => valueByValue(context, 'multiply');

function valueByValue(context: LayerContext, kind: string): Tensor {
  const tensors = severalInputs(context);
  const [first] = tensors;
  const order = first?.order ?? null;
  const isAlike = tensors.every(({ order: other }) =>
    order === null || other === null ? order === other : isSameOrder(order, other),
  );
  if (!isAlike) throw unsupportedFile(message('kerasFiles.orders', { layer: context.layer.name }));
  return inGroups(context, kind, tensors, () => order);
}

/** `Concatenate` along the channels. */
export const convertConcatenate: Convert = (context) => {
  const tensors = severalInputs(context);
  const axis = context.layer.settings.whole('axis', -1);
  for (const tensor of tensors)
    if (!isChannelAxis(context, tensor, axis)) throw cannot(context, `axis ${axis}`);
  return inGroups(context, 'concat', tensors, (group) => group.flatMap(({ order }) => order ?? []));
};

function severalInputs({ layer, inputs, network }: LayerContext): readonly Tensor[] {
  if (inputs.length < 2) throw brokenFile(message('kerasFiles.inputs', { layer: layer.name }));
  return inputs.map((tensor) => network.settled(tensor, layer));
}

/** A block has at most eight inputs: the first eight are merged, and the result with the next ones. */
function inGroups(
  { layer, network }: LayerContext,
  kind: string,
  tensors: readonly Tensor[],
  orderOf: (group: readonly Tensor[]) => VectorOrder | null,
): Tensor {
  let rest = tensors;
  for (;;) {
    const group = rest.slice(0, MOST_INPUTS);
    const isLast = rest.length <= MOST_INPUTS;
    const at = { layer, suffix: isLast ? '' : '_part', order: orderOf(group) };
    const merged = network.add(at, kind, group, { inputs: group.length }).tensor;
    if (isLast) return merged;
    rest = [merged, ...rest.slice(MOST_INPUTS)];
  }
}
