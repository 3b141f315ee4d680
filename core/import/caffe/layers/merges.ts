import { must } from '../../../diagnostics/invariantError.ts';
import { message } from '../../../words/message.ts';
import { brokenFile } from '../../fileFault.ts';
import { axisOf, cannot, type Convert, type LayerContext } from '../layerContext.ts';
import type { Tensor } from '../network.ts';

/** Inputs of a block; more are merged by several blocks. */
const MOST_INPUTS = 8;
const OPERATIONS = ['PROD', 'SUM', 'MAX'] as const;

/** `Eltwise`: the sum or the product. */
export const convertEltwise: Convert = (context) => {
  const settings = context.layer.settings.child('eltwise_param');
  const operation = settings.choice('operation', OPERATIONS, 'SUM');
  if (operation === 'MAX') throw cannot(context, 'operation MAX');
  const factors = settings.numbers('coeff');
  if (operation === 'SUM' && factors.some((factor) => factor !== 1))
    throw cannot(context, `coeff ${factors.slice(0, 4).join(' ')}`);
  const inputs = alike(context);
  const [first] = inputs;
  if (inputs.some(({ shape }) => shape.join() !== first?.shape.join()))
    throw cannot(context, inputs.map(({ shape }) => shape.join(' × ')).join(', '));
  return merged(context, operation === 'SUM' ? 'add' : 'multiply', inputs);
};

/** `Concat` along the channels. */
export const convertConcat: Convert = (context) => {
  const settings = context.layer.settings.child('concat_param');
  const axis = settings.has('concat_dim') ? settings.whole('concat_dim', 1) : settings.whole('axis', 1);
  const inputs = alike(context);
  if (axisOf(axis, must(inputs[0], 'an input')) !== 1) throw cannot(context, `axis ${axis}`);
  return merged(context, 'concat', inputs);
};

/** `Axpy` of networks with squeeze-and-excitation: `a · x + y` with a factor for each channel. */
export const convertAxpy: Convert = (context) => {
  const { layer, inputs, network } = context;
  const [factor, x, y] = inputs;
  if (factor === undefined || x === undefined || y === undefined || inputs.length !== 3)
    throw wrongCount(context);
  const name = `${layer.name}_scale`;
  const { tensor } = network.add(layer, 'multiply', [x, factor], { inputs: 2 }, name);
  return network.add(layer, 'add', [tensor, y], { inputs: 2 }).tensor;
};

/** The inputs as images, where one of them is an image; else as they are. */
function alike(context: LayerContext): readonly Tensor[] {
  const { inputs, network, layer } = context;
  if (inputs.length === 0) throw wrongCount(context);
  const isImage = inputs.some(({ shape }) => shape.length === 3);
  return isImage ? inputs.map((input) => network.image(input, layer)) : inputs;
}

/** Blocks with up to eight inputs each, in the order of the inputs. */
function merged({ layer, network }: LayerContext, kind: string, inputs: readonly Tensor[]): Tensor {
  let done = must(inputs[0], 'an input');
  for (let next = 1; next < inputs.length; next += MOST_INPUTS - 1) {
    const sources = [done, ...inputs.slice(next, next + MOST_INPUTS - 1)];
    const { tensor } = network.add(layer, kind, sources, { inputs: sources.length });
    done = { ...tensor, isPixel: done.isPixel };
  }
  return done;
}

function wrongCount({ layer, inputs }: LayerContext): Error {
  return brokenFile(message('caffeFiles.inputCount', { layer: layer.name, found: inputs.length }));
}
