import type { NetworkSize } from '../networkSize.ts';
import { PYTORCH, shared, type Architecture, type PhotoBuilt, type Style } from './architecture.ts';
import { PhotoNetwork } from './photoNetwork.ts';

/** Filters of the five stages; each convolution is 3×3, and a 2×2 pooling ends each stage. */
const WIDTHS = [64, 128, 256, 512, 512];
/** Units of the two hidden Dense blocks. */
const HIDDEN = 4096;
/** `torch.nn.init.normal_(0, 0.01)`, without its tails. */
const SMALL_NORMAL = { initializer: 'truncatedNormal', initialDeviation: 0.01 };

/** Simonyan and Zisserman 2015, table 1, with BatchNorm, as torchvision builds it (torchvision/models/vgg.py). */
function vgg(name: string, convs: readonly number[]): Architecture {
  return {
    name,
    styles: [
      ['torchvision', PYTORCH],
      ['timm', PYTORCH],
    ],
    build: (size, style) => buildVgg(size, style, convs),
  };
}

export const VGGS: readonly Architecture[] = [
  vgg('vgg11-bn', [1, 1, 2, 2, 2]),
  vgg('vgg16-bn', [2, 2, 3, 3, 3]),
];

/** In the state dict a block is called by its place in the sequence of modules, poolings and activations included. */
function buildVgg(size: NetworkSize, style: Style, convs: readonly number[]): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heNormalOut');
  let module = 0;
  for (const [index, count] of convs.entries()) {
    const stage = index + 1;
    net.section(3 * count + 1);
    for (let nth = 1; nth <= count; nth += 1) {
      const id = `stage${stage}_`;
      const settings = { filters: WIDTHS[index] ?? 0, kernel: 3, bias: true };
      net.conv(`${id}conv${nth}`, settings, shared(`features.${module}`));
      net.norm(`${id}bn${nth}`, shared(`features.${module + 1}`));
      net.add(`${id}relu${nth}`, 'relu');
      module += 3;
    }
    net.add(`stage${stage}_pool`, 'maxPool');
    module += 1;
  }
  addClassifier(net);
  return net.build();
}

function addClassifier(net: PhotoNetwork): void {
  net.section(10);
  net.add('avgpool', 'adaptiveAvgPool', { height: 7, width: 7 });
  net.add('flatten', 'flatten');
  for (const [nth, module] of [0, 3].entries()) {
    const prefixes = { torchvision: `classifier.${module}`, timm: `pre_logits.fc${nth + 1}` };
    net.dense(`classifier_${module}`, HIDDEN, prefixes, SMALL_NORMAL);
    net.add(`classifier_${module + 1}`, 'relu');
    net.add(`classifier_${module + 2}`, 'dropout', { rate: 0.5 });
  }
  net.head('classifier_6', { torchvision: 'classifier.6', timm: 'head.fc' }, SMALL_NORMAL);
}
