import type { NetworkSize } from '../networkSize.ts';
import { PYTORCH, shared, type Architecture, type PhotoBuilt, type Style } from './architecture.ts';
import { PhotoNetwork } from './photoNetwork.ts';

interface ResidualStages {
  /** Residual blocks in each of the four stages. */
  readonly blocks: readonly number[];
  /** Whether a block is 1×1, 3×3, 1×1 with four times the channels at its end, or two 3×3 convolutions. */
  readonly bottleneck: boolean;
}

/** Channels inside the blocks of the four stages. */
const WIDTHS = [64, 128, 256, 512];

/**
 * He et al. 2015, table 1, as torchvision builds it (torchvision/models/resnet.py): the bottleneck's stride is in its
 * 3×3 convolution ("v1.5").
 */
function residual(name: string, stages: ResidualStages): Architecture {
  return {
    name,
    styles: [
      ['torchvision', PYTORCH],
      ['timm', PYTORCH],
    ],
    build: (size, style) => buildResidual(size, style, stages),
  };
}

export const RESNETS: readonly Architecture[] = [
  residual('resnet18', { blocks: [2, 2, 2, 2], bottleneck: false }),
  residual('resnet34', { blocks: [3, 4, 6, 3], bottleneck: false }),
  residual('resnet50', { blocks: [3, 4, 6, 3], bottleneck: true }),
];

function buildResidual(size: NetworkSize, style: Style, { blocks, bottleneck }: ResidualStages): PhotoBuilt {
  const net = new PhotoNetwork(size, style, 'heNormalOut');
  net.conv('conv1', { filters: 64, kernel: 7, stride: 2 }, shared('conv1'));
  net.norm('bn1', shared('bn1'));
  net.add('relu', 'relu');
  net.add('maxpool', 'maxPool', { kernel: 3, stride: 2, padding: 'explicit', pad: 1 });
  const expansion = bottleneck ? 4 : 1;
  let channels = 64;
  for (const [stage, count] of blocks.entries()) {
    const width = WIDTHS[stage] ?? 0;
    for (let index = 0; index < count; index += 1) {
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const projects = stride > 1 || channels !== width * expansion;
      addBlock(net, { stage: stage + 1, index, width, stride, bottleneck, projects });
      channels = width * expansion;
    }
  }
  net.section(4);
  net.add('avgpool', 'globalAvgPool');
  net.head('fc', shared('fc'), { initializer: 'torchUniform' });
  return net.build();
}

interface ResidualBlock {
  readonly stage: number;
  readonly index: number;
  readonly width: number;
  readonly stride: number;
  readonly bottleneck: boolean;
  /** Whether the shortcut is a 1×1 convolution with BatchNorm. */
  readonly projects: boolean;
}

/** Convolutions of a block: `[kernel, filters, stride]`. */
function convsOf({
  width,
  stride,
  bottleneck,
}: ResidualBlock): readonly (readonly [number, number, number])[] {
  return bottleneck
    ? [
        [1, width, 1],
        [3, width, stride],
        [1, 4 * width, 1],
      ]
    : [
        [3, width, stride],
        [3, width, 1],
      ];
}

function addBlock(net: PhotoNetwork, block: ResidualBlock): void {
  const [id, prefix] = [`layer${block.stage}_${block.index}_`, `layer${block.stage}.${block.index}.`];
  const convs = convsOf(block);
  const top = net.section(3 * convs.length + 1);
  const source = net.last;
  for (const [index, [kernel, filters, stride]] of convs.entries()) {
    const nth = index + 1;
    net.conv(`${id}conv${nth}`, { filters, kernel, stride }, shared(`${prefix}conv${nth}`));
    net.norm(`${id}bn${nth}`, shared(`${prefix}bn${nth}`));
    if (nth < convs.length) net.add(`${id}relu${nth}`, 'relu');
  }
  const main = net.last;
  const filters = (block.bottleneck ? 4 : 1) * block.width;
  const shortcut = !block.projects
    ? source
    : net.beside(source, top + 1, () => {
        const settings = { filters, kernel: 1, stride: block.stride };
        net.conv(`${id}downsample_0`, settings, shared(`${prefix}downsample.0`));
        net.norm(`${id}downsample_1`, shared(`${prefix}downsample.1`));
      });
  net.merge(`${id}add`, 'add', [main, shortcut]);
  net.add(`${id}relu${convs.length}`, 'relu');
}
