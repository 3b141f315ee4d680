import type { Convert } from './layerContext.ts';
import { convertActivation, convertPrelu, convertSoftmax } from './layers/activations.ts';
import {
  convertConv2d,
  convertDepthwise,
  convertSeparable,
  convertTransposed,
} from './layers/convolution.ts';
import { convertDense } from './layers/dense.ts';
import { convertConcatenate } from './layers/merge.ts';
import { convertBatchNorm, convertGroupNorm, convertLayerNorm } from './layers/normalization.ts';
import {
  convertAdaptivePool,
  convertAvgPool,
  convertGlobalAvgPool,
  convertMaxPool,
} from './layers/pooling.ts';
import { convertDropout, convertSpatialDropout, leaveOut } from './layers/regularization.ts';
import {
  convertAddition,
  convertDivision,
  convertNormalization,
  convertProduct,
  convertRescaling,
  convertSubtraction,
} from './layers/scaling.ts';
import {
  convertCropping,
  convertFlatten,
  convertPad,
  convertPermute,
  convertReshape,
  convertUpsampling,
  convertZeroPadding,
} from './layers/shape.ts';

/** How each class of Keras becomes blocks. */
const BY_CLASS: Readonly<Record<string, Convert>> = {
  Conv2D: convertConv2d,
  Convolution2D: convertConv2d,
  DepthwiseConv2D: convertDepthwise,
  SeparableConv2D: convertSeparable,
  Conv2DTranspose: convertTransposed,
  Dense: convertDense,
  BatchNormalization: convertBatchNorm,
  // TensorFlow 1.x and 2.x write their own versions under these names.
  BatchNormalizationV1: convertBatchNorm,
  BatchNormalizationV2: convertBatchNorm,
  SyncBatchNormalization: convertBatchNorm,
  LayerNormalization: convertLayerNorm,
  GroupNormalization: convertGroupNorm,
  Activation: convertActivation,
  ReLU: convertActivation,
  LeakyReLU: convertActivation,
  ELU: convertActivation,
  GELU: convertActivation,
  Gelu: convertActivation,
  PReLU: convertPrelu,
  Softmax: convertSoftmax,
  MaxPooling2D: convertMaxPool,
  AveragePooling2D: convertAvgPool,
  GlobalAveragePooling2D: convertGlobalAvgPool,
  AdaptiveAveragePooling2D: convertAdaptivePool,
  Flatten: convertFlatten,
  Reshape: convertReshape,
  ZeroPadding2D: convertZeroPadding,
  Pad: convertPad,
  Cropping2D: convertCropping,
  Permute: convertPermute,
  UpSampling2D: convertUpsampling,
  Add: convertAddition,
  Multiply: convertProduct,
  Concatenate: convertConcatenate,
  Dropout: convertDropout,
  SpatialDropout2D: convertSpatialDropout,
  Rescaling: convertRescaling,
  Normalization: convertNormalization,
  Subtract: convertSubtraction,
  TrueDivide: convertDivision,
  Divide: convertDivision,
  Identity: leaveOut,
  ActivityRegularization: leaveOut,
  GaussianNoise: leaveOut,
  GaussianDropout: leaveOut,
  AlphaDropout: leaveOut,
  RandomBrightness: leaveOut,
  RandomContrast: leaveOut,
  RandomFlip: leaveOut,
  RandomRotation: leaveOut,
  RandomTranslation: leaveOut,
  RandomZoom: leaveOut,
};

/** Functions that TensorFlow's Keras writes as layers of the class `TFOpLambda`. */
const BY_FUNCTION: Readonly<Record<string, Convert>> = {
  '__operators__.add': convertAddition,
  'math.add': convertAddition,
  'math.subtract': convertSubtraction,
  'math.multiply': convertProduct,
  'math.truediv': convertDivision,
  'math.divide': convertDivision,
};

/** The conversion of a layer; undefined for a class that NormLab has no block for. */
export function conversionOf({ layer }: Parameters<Convert>[0]): Convert | undefined {
  if (layer.kind === 'TFOpLambda') {
    const name = layer.settings.text('function', '');
    return Object.hasOwn(BY_FUNCTION, name) ? BY_FUNCTION[name] : undefined;
  }
  return Object.hasOwn(BY_CLASS, layer.kind) ? BY_CLASS[layer.kind] : undefined;
}
