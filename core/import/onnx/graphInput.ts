import { message, type Message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import { intOf, intsOf } from './attributes.ts';
import type { FileValue } from './fileModel.ts';
import type { GraphIndex } from './graphIndex.ts';
import type { Plan } from './plan.ts';
import { inputsOf } from './plan.ts';
import { IMAGE_VIEW, type InputFlow, type View } from './values.ts';

/** Used where the file leaves height or width open. */
const USUAL_SIDE = 224;
const CHANNELS_LAST: View = ['h', 'w', 'c'];

/** The images that enter the graph. */
export interface GraphInput {
  readonly name: string;
  /** `[C, H, W]`. */
  readonly shape: readonly [number, number, number];
  /** Size of the batch, where the file fixes it. */
  readonly batch: number | null;
  readonly images: InputFlow;
}

/**
 * The one input of the graph, an image with 1 or 3 channels, which come before or after height and width. Throws a
 * fault where it is something else, or where there are several.
 */
export function graphInput(
  inputs: readonly FileValue[],
  plan: Plan,
  index: GraphIndex,
  notes: Message[],
): GraphInput {
  const used = new Set(plan.steps.flatMap(inputsOf));
  // Files of IR version 3 list the initializers as inputs too.
  const open = inputs.filter(({ name }) => used.has(name) && !plan.constants.has(name));
  const [value] = open;
  if (value === undefined || open.length > 1)
    throw unsupportedFile(message('onnxFiles.inputs', { count: open.length }));
  const { name } = value;
  const dims = value.dims ?? [null, null, null, null];
  if (dims.length !== 4)
    throw unsupportedFile(message('onnxFiles.inputRank', { name, dims: describe(dims) }));
  const isLast = comesLast(name, dims, index);
  const [batch = null, ...others] = dims;
  const [height = null, width = null] = isLast ? others : others.slice(1);
  const channels = (isLast ? others[2] : others[0]) ?? firstChannels(plan);
  if (channels !== 1 && channels !== 3)
    throw unsupportedFile(message('onnxFiles.inputChannels', { name, dims: describe(dims) }));
  if (height === null || width === null) notes.push(message('onnxFiles.openSize', { side: USUAL_SIDE }));
  return {
    name,
    shape: [channels, height ?? USUAL_SIDE, width ?? USUAL_SIDE],
    batch,
    images: {
      kind: 'input',
      view: isLast ? CHANNELS_LAST : IMAGE_VIEW,
      factor: Array.from({ length: channels }, () => 1),
      offset: Array.from({ length: channels }, () => 0),
    },
  };
}

function describe(dims: FileValue['dims']): string {
  return (dims ?? []).map((dim) => dim ?? '?').join(' × ');
}

/** Whether the channels are the last dimension; where the sizes allow both, a Transpose of the images decides. */
function comesLast(name: string, dims: readonly (number | null)[], { order }: GraphIndex): boolean {
  const isChannels = (dim: number | null | undefined): boolean => dim === 1 || dim === 3;
  if (isChannels(dims[1])) return false;
  if (isChannels(dims[3])) return true;
  return order.some(
    (node) =>
      node.opType === 'Transpose' && node.inputs[0] === name && intsOf(node, 'perm')?.join() === '0,3,1,2',
  );
}

/** The input channels of the first convolution, where the input itself does not say. */
function firstChannels({ steps, constants }: Plan): number | null {
  for (const step of steps) {
    const node = step.kind === 'biased' ? step.layer : step.node;
    const dims = node.opType === 'Conv' ? constants.get(node.inputs[1] ?? '')?.dims : undefined;
    if (dims?.length === 4) return (dims[1] ?? 0) * intOf(node, 'group', 1);
  }
  return null;
}
