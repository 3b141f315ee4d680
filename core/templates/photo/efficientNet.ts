import type { NetworkSize } from '../networkSize.ts';
import {
  PYTORCH,
  TENSORFLOW,
  type Architecture,
  type PhotoBuilt,
  type Prefixes,
  type Style,
} from './architecture.ts';
import {
  addMobileBlock,
  litePart,
  mobileBlocks,
  STEM,
  timmPart,
  torchvisionPart,
  type MobileBlock,
  type MobileStage,
} from './mobileBlock.ts';
import { PhotoNetwork } from './photoNetwork.ts';

/** Tan and Le 2019, table 1. */
const STAGES: readonly MobileStage[] = [
  { expand: 1, kernel: 3, filters: 16, repeats: 1, stride: 1 },
  { expand: 6, kernel: 3, filters: 24, repeats: 2, stride: 2 },
  { expand: 6, kernel: 5, filters: 40, repeats: 2, stride: 2 },
  { expand: 6, kernel: 3, filters: 80, repeats: 3, stride: 2 },
  { expand: 6, kernel: 5, filters: 112, repeats: 3, stride: 1 },
  { expand: 6, kernel: 5, filters: 192, repeats: 4, stride: 2 },
  { expand: 6, kernel: 3, filters: 320, repeats: 1, stride: 1 },
];
const BLOCKS = STAGES.reduce((sum, { repeats }) => sum + repeats, 0);
/** Rate of StochasticDepth of a block behind the last; earlier blocks take proportionally less. */
const DROPPED = 0.2;

/** Torchvision's (torchvision/models/efficientnet.py). efficientnet_pytorch's keep TensorFlow's conventions. */
export const EFFICIENTNET_B0: Architecture = {
  name: 'efficientnet-b0',
  styles: [
    ['torchvision', PYTORCH],
    ['timm', PYTORCH],
    ['efficientnet_lite_pytorch', TENSORFLOW],
  ],
  build: (size, style) =>
    buildEfficientNet(size, style, (inputs, ordinal) => ({
      squeeze: inputs / 4,
      activation: 'silu',
      gate: ['silu', 'sigmoid'],
      dropped: (DROPPED * ordinal) / BLOCKS,
    })),
};

/**
 * B0 without squeeze-and-excitation and with ReLU6, as efficientnet_lite_pytorch converts it from TensorFlow. timm's
 * own training has PyTorch's padding and epsilon.
 */
export const EFFICIENTNET_LITE0: Architecture = {
  name: 'efficientnet-lite0',
  styles: [
    ['efficientnet_lite_pytorch', TENSORFLOW],
    ['timm', PYTORCH],
  ],
  build: (size, style) =>
    buildEfficientNet(size, style, (_inputs, ordinal) => ({
      squeeze: 0,
      activation: 'relu6',
      gate: ['relu', 'sigmoid'],
      dropped: (DROPPED * ordinal) / BLOCKS,
    })),
};

type Rest = Parameters<typeof mobileBlocks>[1];

function buildEfficientNet(size: NetworkSize, style: Style, rest: Rest): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heNormalOut');
  const blocks = mobileBlocks(STAGES, rest);
  const activation = blocks[0]?.activation ?? 'relu6';
  net.conv('stem', { filters: STEM, kernel: 3, stride: 2 }, outer('features.0.0', 'conv_stem', '_conv_stem'));
  net.norm('stem_bn', outer('features.0.1', 'bn1', '_bn0'));
  net.add('stem_act', activation);
  const torchvision = (one: MobileBlock, part: Parameters<typeof timmPart>[1]): string =>
    torchvisionPart(`features.${one.stage}.${one.index}`, one, part);
  for (const block of blocks)
    addMobileBlock(net, block, { torchvision, timm: timmPart, efficientnet_lite_pytorch: litePart });
  net.section(7);
  net.conv('last', { filters: 1280, kernel: 1 }, outer('features.8.0', 'conv_head', '_conv_head'));
  net.norm('last_bn', outer('features.8.1', 'bn2', '_bn1'));
  net.add('last_act', activation);
  net.add('avgpool', 'globalAvgPool');
  net.add('dropout', 'dropout', { rate: 0.2 });
  net.head('classifier', outer('classifier.1', 'classifier', '_fc'), { initializer: 'torchUniform' });
  return net.build();
}

function outer(torchvision: string, timm: string, lite: string): Prefixes {
  return { torchvision, timm, efficientnet_lite_pytorch: lite };
}
