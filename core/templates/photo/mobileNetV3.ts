import type { NetworkSize } from '../networkSize.ts';
import { PYTORCH, type Architecture, type PhotoBuilt, type Style } from './architecture.ts';
import { addMobileBlock, timmPart, torchvisionPart, type MobileBlock } from './mobileBlock.ts';
import { PhotoNetwork } from './photoNetwork.ts';

/** `[stage, kernel, expanded channels, filters, squeeze-and-excitation units, HardSwish instead of ReLU, stride]`. */
type Row = readonly [number, number, number, number, number, boolean, number];

/** Howard et al. 2019, table 1. The units are a quarter of the expanded channels, rounded to a multiple of 8. */
const ROWS: readonly Row[] = [
  [1, 3, 16, 16, 0, false, 1],
  [2, 3, 64, 24, 0, false, 2],
  [2, 3, 72, 24, 0, false, 1],
  [3, 5, 72, 40, 24, false, 2],
  [3, 5, 120, 40, 32, false, 1],
  [3, 5, 120, 40, 32, false, 1],
  [4, 3, 240, 80, 0, true, 2],
  [4, 3, 200, 80, 0, true, 1],
  [4, 3, 184, 80, 0, true, 1],
  [4, 3, 184, 80, 0, true, 1],
  [5, 3, 480, 112, 120, true, 1],
  [5, 3, 672, 112, 168, true, 1],
  [6, 5, 672, 160, 168, true, 2],
  [6, 5, 960, 160, 240, true, 1],
  [6, 5, 960, 160, 240, true, 1],
];

/** torchvision's epsilon and momentum; timm keeps PyTorch's (torchvision/models/mobilenetv3.py). */
const TORCHVISION: Style = { epsilon: 1e-3, decay: 0.99, padding: 'explicit' };

export const MOBILENET_V3_LARGE: Architecture = {
  name: 'mobilenet-v3-large',
  styles: [
    ['torchvision', TORCHVISION],
    ['timm', PYTORCH],
  ],
  build: buildMobileNetV3,
};

function blocks(): readonly MobileBlock[] {
  return ROWS.map(([stage, kernel, expanded, filters, squeeze, hard, stride], ordinal) => ({
    stage,
    index: ROWS.slice(0, ordinal).filter((row) => row[0] === stage).length,
    ordinal,
    inputs: ROWS[ordinal - 1]?.[3] ?? 16,
    expanded,
    filters,
    kernel,
    stride,
    squeeze,
    activation: hard ? 'hardSwish' : 'relu',
    gate: ['relu', 'hardSigmoid'],
    dropped: 0,
  }));
}

function buildMobileNetV3(size: NetworkSize, style: Style): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heNormalOut');
  net.conv('stem', { filters: 16, kernel: 3, stride: 2 }, { torchvision: 'features.0.0', timm: 'conv_stem' });
  net.norm('stem_bn', { torchvision: 'features.0.1', timm: 'bn1' });
  net.add('stem_act', 'hardSwish');
  for (const block of blocks())
    addMobileBlock(net, block, {
      torchvision: (one, part) => torchvisionPart(`features.${one.ordinal + 1}`, one, part),
      timm: timmPart,
    });
  net.section(9);
  net.conv('last', { filters: 960, kernel: 1 }, { torchvision: 'features.16.0', timm: 'blocks.6.0.conv' });
  net.norm('last_bn', { torchvision: 'features.16.1', timm: 'blocks.6.0.bn1' });
  net.add('last_act', 'hardSwish');
  net.add('avgpool', 'globalAvgPool');
  const start = { initializer: 'truncatedNormal', initialDeviation: 0.01 };
  net.dense('classifier_0', 1280, { torchvision: 'classifier.0', timm: 'conv_head' }, start);
  net.add('classifier_1', 'hardSwish');
  net.add('classifier_2', 'dropout', { rate: 0.2 });
  net.head('classifier_3', { torchvision: 'classifier.3', timm: 'classifier' }, start);
  return net.build();
}
