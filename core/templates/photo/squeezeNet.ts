import type { NetworkSize } from '../networkSize.ts';
import { PYTORCH, type Architecture, type PhotoBuilt, type Style } from './architecture.ts';
import { PhotoNetwork } from './photoNetwork.ts';

/** `[place in the state dict, channels after the squeeze, channels of each expansion]`; null: a pooling. */
const MODULES: readonly (readonly [number, number, number] | null)[] = [
  [3, 16, 64],
  [4, 16, 64],
  null,
  [6, 32, 128],
  [7, 32, 128],
  null,
  [9, 48, 192],
  [10, 48, 192],
  [11, 64, 256],
  [12, 64, 256],
];

/** Iandola et al. 2016, version 1.1, as torchvision builds it (torchvision/models/squeezenet.py). No BatchNorm. */
export const SQUEEZENET1_1: Architecture = {
  name: 'squeezenet1-1',
  styles: [['torchvision', PYTORCH]],
  build: buildSqueezeNet,
};

function buildSqueezeNet(size: NetworkSize, style: Style): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heUniform');
  const stem = { filters: 64, kernel: 3, stride: 2, bias: true, pad: 0 };
  net.conv('conv1', stem, { torchvision: 'features.0' });
  net.add('relu1', 'relu');
  let pools = 0;
  const addPool = (): void => {
    pools += 1;
    net.add(`pool${pools}`, 'maxPool', { kernel: 3, stride: 2, ceilMode: true });
  };
  addPool();
  for (const module of MODULES) {
    if (module === null) addPool();
    else addFire(net, ...module);
  }
  net.section(5);
  net.add('dropout', 'dropout', { rate: 0.5 });
  const start = { initializer: 'truncatedNormal', initialDeviation: 0.01 };
  net.headConv('classifier', { torchvision: 'classifier.1' }, start);
  net.add('classifier_relu', 'relu');
  net.add('avgpool', 'globalAvgPool');
  return net.build();
}

/** A squeeze to few channels, then 1×1 and 3×3 convolutions side by side. */
function addFire(net: PhotoNetwork, place: number, squeezed: number, expanded: number): void {
  const [id, prefix] = [`fire${place}_`, `features.${place}.`];
  const bias = { bias: true };
  net.section(6);
  net.conv(`${id}squeeze`, { filters: squeezed, kernel: 1, ...bias }, { torchvision: `${prefix}squeeze` });
  const source = net.add(`${id}squeeze_relu`, 'relu');
  const wide = net.beside(source, net.row, () => {
    const settings = { filters: expanded, kernel: 3, ...bias };
    net.conv(`${id}expand3x3`, settings, { torchvision: `${prefix}expand3x3` });
    net.add(`${id}expand3x3_relu`, 'relu');
  });
  const narrow = { filters: expanded, kernel: 1, ...bias };
  net.conv(`${id}expand1x1`, narrow, { torchvision: `${prefix}expand1x1` });
  net.add(`${id}expand1x1_relu`, 'relu');
  net.merge(`${id}concat`, 'concat', [net.last, wide]);
}
