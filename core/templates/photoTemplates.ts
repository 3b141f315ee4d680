import type { TrainingSettings } from '../document/trainingSettings.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { Architecture } from './photo/architecture.ts';
import { ARCHITECTURES } from './photo/architectures.ts';
import type { Template } from './template.ts';

/** `[C, H, W]`: the size that their published weights were trained at. */
const PHOTO = [3, 224, 224] as const;

/** torchvision's recipe for ResNet, VGG and DenseNet: rate 0.1 for batches of 256, scaled to 32. */
const BY_SGD: Partial<TrainingSettings> = {
  ...{ epochs: 30, batchSize: 32, learningRate: 0.0125, warmupSteps: 100, l2: 1e-4 },
};
/** For networks that SGD trains slowly from scratch: those with depthwise convolutions, and those without BatchNorm. */
const BY_ADAMW: Partial<TrainingSettings> = {
  ...{ epochs: 30, batchSize: 32, learningRate: 1e-3, warmupSteps: 100, l2: 0.01 },
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

type Texts = Pick<Template, 'title' | 'description' | 'training'>;

const TEXTS: Readonly<Record<string, Texts>> = {
  resnet18: {
    title: 'ResNet-18',
    description: 'Eight residual blocks of two 3×3 convolutions: the usual first choice for photos.',
    training: BY_SGD,
  },
  resnet34: {
    title: 'ResNet-34',
    description: 'Sixteen residual blocks of two 3×3 convolutions.',
    training: BY_SGD,
  },
  resnet50: {
    title: 'ResNet-50',
    description: 'Sixteen bottleneck blocks: the network that most others are compared with.',
    training: BY_SGD,
  },
  'vgg11-bn': {
    title: 'VGG-11 with BatchNorm',
    description: 'Eight 3×3 convolutions and three large Dense blocks; simple, and heavy.',
    training: { ...BY_SGD, batchSize: 16, learningRate: 0.003, l2: 5e-4 },
  },
  'vgg16-bn': {
    title: 'VGG-16 with BatchNorm',
    description: 'Thirteen 3×3 convolutions and three large Dense blocks; simple, and the heaviest.',
    training: { ...BY_SGD, batchSize: 16, learningRate: 0.003, l2: 5e-4 },
  },
  'mobilenet-v2': {
    title: 'MobileNetV2',
    description: 'Inverted residuals with depthwise convolutions and ReLU6, made for phones.',
    training: BY_ADAMW,
  },
  'mobilenet-v3-large': {
    title: 'MobileNetV3-Large',
    description: 'Inverted residuals with HardSwish and squeeze-and-excitation, made for phones.',
    training: BY_ADAMW,
  },
  'efficientnet-lite0': {
    title: 'EfficientNet-Lite0',
    description: 'EfficientNet without squeeze-and-excitation, with ReLU6: accurate and quick on a CPU.',
    training: BY_ADAMW,
  },
  'efficientnet-b0': {
    title: 'EfficientNet-B0',
    description: 'Inverted residuals with SiLU and squeeze-and-excitation: accurate for its size.',
    training: BY_ADAMW,
  },
  densenet121: {
    title: 'DenseNet-121',
    description: 'Every layer sees all layers before it in its block; few weights, much memory.',
    training: { ...BY_SGD, batchSize: 16, learningRate: 0.00625 },
  },
  'squeezenet1-1': {
    title: 'SqueezeNet 1.1',
    description: 'Very few weights, and no BatchNorm.',
    training: { ...BY_ADAMW, learningRate: 3e-4 },
  },
};

/** The architectures with published weights as templates. */
export const PHOTO_TEMPLATES: readonly Template[] = ARCHITECTURES.map((architecture) => ({
  ...must(TEXTS[architecture.name], `texts of ${architecture.name}`),
  name: architecture.name,
  group: 'photos',
  inputShape: PHOTO,
  network: (size) => architecture.build(size, styleOf(architecture)),
}));

function styleOf({ name, styles: [first] }: Architecture): Parameters<Architecture['build']>[1] {
  return must(first, `a style of ${name}`)[1];
}
