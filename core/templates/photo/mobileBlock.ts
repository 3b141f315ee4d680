import type { NodeId } from '../../diagnostics/ids.ts';
import type { NamingKey, Prefixes } from './architecture.ts';
import type { PhotoNetwork } from './photoNetwork.ts';

/** The blocks with weights of an inverted residual, in the order of the network. */
type Part =
  'expand' | 'expandNorm' | 'depthwise' | 'depthwiseNorm' | 'squeeze' | 'excite' | 'project' | 'projectNorm';

/** An inverted residual (Sandler et al. 2018): 1×1 expansion, depthwise convolution, 1×1 projection. */
export interface MobileBlock {
  /** From 1, and from 0 within the stage. */
  readonly stage: number;
  readonly index: number;
  /** From 0 in the whole network. */
  readonly ordinal: number;
  readonly inputs: number;
  /** Channels of the depthwise convolution; equal to `inputs`: there is no expansion. */
  readonly expanded: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  /** Units of squeeze-and-excitation (Hu et al. 2018), which gates the depthwise channels; 0: none. */
  readonly squeeze: number;
  readonly activation: string;
  /** Activations of squeeze-and-excitation: after its first Dense, and of the gate. */
  readonly gate: readonly [inner: string, outer: string];
  /** Rate of StochasticDepth before the Add; 0: none. */
  readonly dropped: number;
}

/** Names the tensors of a part of `block`. */
export type PartNames = Readonly<Partial<Record<NamingKey, (block: MobileBlock, part: Part) => string>>>;

/** A stage: the first of its `repeats` blocks has the stride, and its expansion is `expand` times its input. */
export interface MobileStage {
  readonly expand: number;
  readonly kernel: number;
  readonly stride: number;
  readonly filters: number;
  readonly repeats: number;
}

/** Channels of the stem's convolution in MobileNetV2 and the EfficientNets. */
export const STEM = 32;

/** The blocks of `stages`, completed by `rest`. */
export function mobileBlocks(
  stages: readonly MobileStage[],
  rest: (inputs: number, ordinal: number) => Pick<MobileBlock, 'squeeze' | 'activation' | 'gate' | 'dropped'>,
): readonly MobileBlock[] {
  const blocks: MobileBlock[] = [];
  for (const [at, { expand, kernel, stride, filters, repeats }] of stages.entries()) {
    for (let index = 0; index < repeats; index += 1) {
      const inputs = blocks.at(-1)?.filters ?? STEM;
      const place = { stage: at + 1, index, ordinal: blocks.length };
      const size = { inputs, expanded: inputs * expand, filters, kernel, stride: index === 0 ? stride : 1 };
      blocks.push({ ...place, ...size, ...rest(inputs, blocks.length) });
    }
  }
  return blocks;
}

function expands({ inputs, expanded }: MobileBlock): boolean {
  return inputs !== expanded;
}

/** Adds `block`; where it keeps size and channels, its input is added to its output. */
export function addMobileBlock(net: PhotoNetwork, block: MobileBlock, names: PartNames): void {
  const id = `stage${block.stage}_${block.index}_`;
  const prefixes = (part: Part): Prefixes =>
    Object.fromEntries(Object.entries(names).map(([key, name]) => [key, name(block, part)]));
  const { expanded, kernel, stride } = block;
  net.section(block.squeeze > 0 ? 16 : 10);
  const source = net.last;
  if (expands(block)) {
    net.conv(`${id}expand`, { filters: expanded, kernel: 1 }, prefixes('expand'));
    net.norm(`${id}expand_bn`, prefixes('expandNorm'));
    net.add(`${id}expand_act`, block.activation);
  }
  const settings = { filters: expanded, kernel, stride, groups: expanded };
  net.conv(`${id}depthwise`, settings, prefixes('depthwise'));
  net.norm(`${id}depthwise_bn`, prefixes('depthwiseNorm'));
  net.add(`${id}depthwise_act`, block.activation);
  if (block.squeeze > 0) addGate(net, block, id, prefixes);
  net.conv(`${id}project`, { filters: block.filters, kernel: 1 }, prefixes('project'));
  net.norm(`${id}project_bn`, prefixes('projectNorm'));
  if (stride === 1 && block.inputs === block.filters) addSkip(net, block, id, source);
}

function addGate(
  net: PhotoNetwork,
  block: MobileBlock,
  id: string,
  prefixes: (part: Part) => Prefixes,
): void {
  const [inner, outer] = block.gate;
  const image = net.last;
  const start = { initializer: 'heNormalOut' };
  const gate = net.beside(image, net.row, () => {
    net.add(`${id}se_pool`, 'globalAvgPool');
    net.dense(`${id}se_reduce`, block.squeeze, prefixes('squeeze'), start);
    net.add(`${id}se_act`, inner);
    net.dense(`${id}se_expand`, block.expanded, prefixes('excite'), start);
    net.add(`${id}se_gate`, outer);
  });
  net.merge(`${id}se_scale`, 'multiply', [image, gate]);
}

function addSkip(net: PhotoNetwork, { dropped }: MobileBlock, id: string, source: NodeId): void {
  if (dropped > 0) net.add(`${id}drop`, 'stochasticDepth', { rate: Number(dropped.toPrecision(6)) });
  net.merge(`${id}add`, 'add', [net.last, source]);
}

/** timm's name of a part (timm/models/_efficientnet_blocks.py): blocks without an expansion count otherwise. */
export function timmPart(block: MobileBlock, part: Part): string {
  const inverted = {
    ...{ expand: 'conv_pw', expandNorm: 'bn1', depthwise: 'conv_dw', depthwiseNorm: 'bn2' },
    ...{ project: 'conv_pwl', projectNorm: 'bn3' },
  };
  const separable = {
    ...{ expand: '', expandNorm: '', depthwise: 'conv_dw', depthwiseNorm: 'bn1' },
    ...{ project: 'conv_pw', projectNorm: 'bn2' },
  };
  const gate = { squeeze: 'se.conv_reduce', excite: 'se.conv_expand' };
  const names = { ...(expands(block) ? inverted : separable), ...gate };
  return `blocks.${block.stage - 1}.${block.index}.${names[part]}`;
}

/**
 * torchvision's name of a part of MobileNetV3 and EfficientNet: `block` holds a list in which missing parts are left
 * out (torchvision/models/mobilenetv3.py, efficientnet.py).
 */
export function torchvisionPart(base: string, block: MobileBlock, part: Part): string {
  const first = expands(block) ? 1 : 0;
  const last = first + (block.squeeze > 0 ? 2 : 1);
  const places: Readonly<Record<Part, string>> = {
    ...{ expand: '0.0', expandNorm: '0.1', depthwise: `${first}.0`, depthwiseNorm: `${first}.1` },
    ...{ squeeze: `${first + 1}.fc1`, excite: `${first + 1}.fc2` },
    ...{ project: `${last}.0`, projectNorm: `${last}.1` },
  };
  return `${base}.block.${places[part]}`;
}

/** torchvision's name of a part of MobileNetV2, whose projection is not in a list of its own (mobilenetv2.py). */
export function torchvisionV2Part(block: MobileBlock, part: Part): string {
  const first = expands(block) ? 1 : 0;
  const places: Readonly<Record<Part, string>> = {
    ...{ expand: '0.0', expandNorm: '0.1', depthwise: `${first}.0`, depthwiseNorm: `${first}.1` },
    ...{ squeeze: '', excite: '', project: `${first + 1}`, projectNorm: `${first + 2}` },
  };
  return `features.${block.ordinal + 1}.conv.${places[part]}`;
}

/** The name of a part in efficientnet_pytorch and efficientnet_lite_pytorch (model.py: MBConvBlock). */
export function litePart(block: MobileBlock, part: Part): string {
  const names: Readonly<Record<Part, string>> = {
    ...{ expand: '_expand_conv', expandNorm: '_bn0', depthwise: '_depthwise_conv', depthwiseNorm: '_bn1' },
    ...{ squeeze: '_se_reduce', excite: '_se_expand', project: '_project_conv', projectNorm: '_bn2' },
  };
  return `_blocks.${block.ordinal}.${names[part]}`;
}
