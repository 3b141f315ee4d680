import type { NetworkSize } from '../networkSize.ts';
import { PYTORCH, type Architecture, type PhotoBuilt, type Style } from './architecture.ts';
import {
  addMobileBlock,
  mobileBlocks,
  STEM,
  timmPart,
  torchvisionV2Part,
  type MobileStage,
} from './mobileBlock.ts';
import { PhotoNetwork } from './photoNetwork.ts';

/** Sandler et al. 2018, table 2. */
const STAGES: readonly MobileStage[] = [
  { expand: 1, kernel: 3, filters: 16, repeats: 1, stride: 1 },
  { expand: 6, kernel: 3, filters: 24, repeats: 2, stride: 2 },
  { expand: 6, kernel: 3, filters: 32, repeats: 3, stride: 2 },
  { expand: 6, kernel: 3, filters: 64, repeats: 4, stride: 2 },
  { expand: 6, kernel: 3, filters: 96, repeats: 3, stride: 1 },
  { expand: 6, kernel: 3, filters: 160, repeats: 3, stride: 2 },
  { expand: 6, kernel: 3, filters: 320, repeats: 1, stride: 1 },
];

/** MobileNetV2 as torchvision builds it (torchvision/models/mobilenetv2.py). */
export const MOBILENET_V2: Architecture = {
  name: 'mobilenet-v2',
  styles: [
    ['torchvision', PYTORCH],
    ['timm', PYTORCH],
  ],
  build: buildMobileNetV2,
};

function buildMobileNetV2(size: NetworkSize, style: Style): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heNormalOut');
  net.conv(
    'stem',
    { filters: STEM, kernel: 3, stride: 2 },
    { torchvision: 'features.0.0', timm: 'conv_stem' },
  );
  net.norm('stem_bn', { torchvision: 'features.0.1', timm: 'bn1' });
  net.add('stem_act', 'relu6');
  const rest = { squeeze: 0, activation: 'relu6', gate: ['relu', 'sigmoid'], dropped: 0 } as const;
  for (const block of mobileBlocks(STAGES, () => rest))
    addMobileBlock(net, block, { torchvision: torchvisionV2Part, timm: timmPart });
  net.section(7);
  net.conv('last', { filters: 1280, kernel: 1 }, { torchvision: 'features.18.0', timm: 'conv_head' });
  net.norm('last_bn', { torchvision: 'features.18.1', timm: 'bn2' });
  net.add('last_act', 'relu6');
  net.add('avgpool', 'globalAvgPool');
  net.add('dropout', 'dropout', { rate: 0.2 });
  const names = { torchvision: 'classifier.1', timm: 'classifier' };
  net.head('classifier', names, { initializer: 'truncatedNormal', initialDeviation: 0.01 });
  return net.build();
}
