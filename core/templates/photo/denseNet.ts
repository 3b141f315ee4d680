import type { NetworkSize } from '../networkSize.ts';
import { PYTORCH, type Architecture, type PhotoBuilt, type Prefixes, type Style } from './architecture.ts';
import { PhotoNetwork } from './photoNetwork.ts';

/** Layers of the four dense blocks, channels that a layer adds, and channels of a layer's 1×1 convolution. */
const LAYERS = [6, 12, 24, 16];
const GROWTH = 32;
const BOTTLENECK = 4 * GROWTH;

/** Huang et al. 2017, table 1, growth 32, as torchvision builds it (torchvision/models/densenet.py). */
export const DENSENET121: Architecture = {
  name: 'densenet121',
  styles: [
    ['torchvision', PYTORCH],
    ['torchvisionFile', PYTORCH],
    ['timm', PYTORCH],
  ],
  build: buildDenseNet,
};

function named(prefix: string): Prefixes {
  return { torchvision: prefix, torchvisionFile: prefix, timm: prefix };
}

function buildDenseNet(size: NetworkSize, style: Style): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heNormal');
  net.conv('conv0', { filters: 64, kernel: 7, stride: 2 }, named('features.conv0'));
  net.norm('norm0', named('features.norm0'));
  net.add('relu0', 'relu');
  net.add('pool0', 'maxPool', { kernel: 3, stride: 2, padding: 'explicit', pad: 1 });
  let channels = 64;
  for (const [index, count] of LAYERS.entries()) {
    const block = index + 1;
    for (let layer = 1; layer <= count; layer += 1) addLayer(net, block, layer);
    channels += count * GROWTH;
    if (block === LAYERS.length) break;
    channels /= 2;
    addTransition(net, block, channels);
  }
  net.section(6);
  net.norm('norm5', named('features.norm5'));
  net.add('relu5', 'relu');
  net.add('avgpool', 'globalAvgPool');
  net.head('classifier', named('classifier'), { initializer: 'torchUniform' });
  return net.build();
}

/** A layer's new channels follow those that it began with: the next one sees all before it. */
function addLayer(net: PhotoNetwork, block: number, layer: number): void {
  const id = `block${block}_layer${layer}_`;
  const prefix = `features.denseblock${block}.denselayer${layer}.`;
  const inner = (part: string, nth: number): Prefixes => ({
    ...named(`${prefix}${part}${nth}`),
    torchvisionFile: `${prefix}${part}.${nth}`,
  });
  net.section(7);
  const source = net.last;
  net.norm(`${id}norm1`, inner('norm', 1));
  net.add(`${id}relu1`, 'relu');
  net.conv(`${id}conv1`, { filters: BOTTLENECK, kernel: 1 }, inner('conv', 1));
  net.norm(`${id}norm2`, inner('norm', 2));
  net.add(`${id}relu2`, 'relu');
  net.conv(`${id}conv2`, { filters: GROWTH, kernel: 3 }, inner('conv', 2));
  net.merge(`${id}concat`, 'concat', [source, net.last]);
}

function addTransition(net: PhotoNetwork, block: number, filters: number): void {
  const id = `transition${block}_`;
  const prefix = `features.transition${block}.`;
  net.section(4);
  net.norm(`${id}norm`, named(`${prefix}norm`));
  net.add(`${id}relu`, 'relu');
  net.conv(`${id}conv`, { filters, kernel: 1 }, named(`${prefix}conv`));
  net.add(`${id}pool`, 'avgPool');
}
