import type { Architecture } from './architecture.ts';
import { DENSENET121 } from './denseNet.ts';
import { EFFICIENTNET_B0, EFFICIENTNET_LITE0 } from './efficientNet.ts';
import { MOBILENET_V2 } from './mobileNetV2.ts';
import { MOBILENET_V3_LARGE } from './mobileNetV3.ts';
import { RESNETS } from './resnet.ts';
import { SQUEEZENET1_1 } from './squeezeNet.ts';
import { VGGS } from './vgg.ts';

/** Every architecture with published weights. */
export const ARCHITECTURES: readonly Architecture[] = [
  ...RESNETS,
  ...VGGS,
  MOBILENET_V2,
  MOBILENET_V3_LARGE,
  EFFICIENTNET_LITE0,
  EFFICIENTNET_B0,
  DENSENET121,
  SQUEEZENET1_1,
];
