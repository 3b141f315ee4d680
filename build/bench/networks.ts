/** A benchmark network, with the batch size of its first publication or of PyTorch's examples. */
export interface BenchNetwork {
  readonly label: string;
  readonly template: string;
  readonly batch: number;
  readonly size: number;
  readonly channels: number;
}

/** Networks for photos at their usual sizes. PyTorch needs torchvision and efficientnet_lite_pytorch for them. */
const PHOTO_NETWORKS: readonly BenchNetwork[] = [
  { label: 'resnet18', template: 'resnet18', batch: 16, size: 224, channels: 3 },
  { label: 'mobilenet-v2', template: 'mobilenet-v2', batch: 16, size: 224, channels: 3 },
  { label: 'efficientnet-lite0', template: 'efficientnet-lite0', batch: 16, size: 224, channels: 3 },
  { label: 'vgg11-bn 128x128', template: 'vgg11-bn', batch: 16, size: 128, channels: 3 },
];

export const NETWORKS: readonly BenchNetwork[] = [
  { label: 'mnist-cnn-bn', template: 'mnist-cnn-bn', batch: 128, size: 28, channels: 1 },
  { label: 'bn-mlp', template: 'bn-mlp', batch: 60, size: 28, channels: 1 },
  { label: 'vgg-bn', template: 'vgg-bn', batch: 128, size: 32, channels: 3 },
  { label: 'resnet20', template: 'resnet20', batch: 128, size: 32, channels: 3 },
  { label: 'vgg-bn 64x64', template: 'vgg-bn', batch: 64, size: 64, channels: 3 },
  ...PHOTO_NETWORKS,
];
