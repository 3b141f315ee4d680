import type { Convert } from './layerContext.ts';
import {
  convertClip,
  convertDropout,
  convertELU,
  convertPReLU,
  convertReLU,
  convertReLU6,
  convertSigmoid,
  convertSoftmax,
  convertSwish,
  convertTanH,
} from './layers/activations.ts';
import { convertAxpy, convertConcat, convertEltwise } from './layers/merges.ts';
import { convertBatchNorm, convertBias, convertPower, convertScale } from './layers/norms.ts';
import { convertPooling } from './layers/pooling.ts';
import { convertFlatten, convertReshape } from './layers/shapes.ts';
import { convertConvolution, convertDeconvolution, convertInnerProduct } from './layers/weighted.ts';
import { onlyInput } from './layerContext.ts';

/** The layers that blocks express, by their type. */
const CONVERSIONS: Readonly<Record<string, Convert>> = {
  Convolution: convertConvolution,
  // A faster kernel for the same layer, of copies of Caffe for MobileNets.
  DepthwiseConvolution: convertConvolution,
  Deconvolution: convertDeconvolution,
  InnerProduct: convertInnerProduct,
  BatchNorm: convertBatchNorm,
  Scale: convertScale,
  Bias: convertBias,
  Power: convertPower,
  Pooling: convertPooling,
  ReLU: convertReLU,
  ReLU6: convertReLU6,
  PReLU: convertPReLU,
  ELU: convertELU,
  Sigmoid: convertSigmoid,
  TanH: convertTanH,
  Swish: convertSwish,
  Clip: convertClip,
  Softmax: convertSoftmax,
  Dropout: convertDropout,
  Eltwise: convertEltwise,
  Concat: convertConcat,
  Axpy: convertAxpy,
  Flatten: convertFlatten,
  Reshape: convertReshape,
  Split: onlyInput,
};

export function conversionOf(type: string): Convert | undefined {
  return Object.hasOwn(CONVERSIONS, type) ? CONVERSIONS[type] : undefined;
}
