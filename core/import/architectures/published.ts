import type { NamingKey, Style } from '../../templates/photo/architecture.ts';

/** How images were prepared for the published weights; mean and deviation in units of 0 to 1, red first. */
export interface PublishedPreprocessing {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Pixels of the shorter side after resizing, and of the square that is cropped from the centre. */
  readonly resize: number;
  readonly crop: number;
}

/** torchvision's presets, and timm's and efficientnet_pytorch's defaults. */
const IMAGENET: PublishedPreprocessing = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
  resize: 256,
  crop: 224,
};
/**
 * TensorFlow's for EfficientNet-Lite (efficientnet_lite_builder.py: MEAN_RGB, STDDEV_RGB). The examples of
 * efficientnet_lite_pytorch take ImageNet's, but the weights are converted unchanged: the running statistics of their
 * first BatchNorm are those of images prepared in this way.
 */
const LITE: PublishedPreprocessing = {
  mean: [127 / 255, 127 / 255, 127 / 255],
  deviation: [128 / 255, 128 / 255, 128 / 255],
  resize: 256,
  crop: 224,
};
/** timm's for weights that it converted from TensorFlow. */
const HALF: PublishedPreprocessing = { ...LITE, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** How the weights of a naming are used; `fromTensorFlow` is that of timm's `tf_` variants. */
export function preprocessingOf(
  architecture: string,
  key: NamingKey,
  fromTensorFlow: boolean,
): PublishedPreprocessing {
  if (fromTensorFlow) return architecture === 'efficientnet-b0' ? IMAGENET : HALF;
  return architecture === 'efficientnet-lite0' && key === 'efficientnet_lite_pytorch' ? LITE : IMAGENET;
}

/**
 * timm's variants that it converted from TensorFlow, `tf_efficientnet_lite0` and others: TensorFlow's padding and
 * epsilon under the names of its own variants (timm/models/_efficientnet_builder.py: BN_EPS_TF_DEFAULT).
 */
export const TIMM_TENSORFLOW: Style = { epsilon: 1e-3, decay: 0.9, padding: 'same' };

/** The name of a template, and whether it is meant in the `tf_` variant of timm. */
interface NamedArchitecture {
  readonly name: string;
  readonly fromTensorFlow: boolean;
}

/** timm's names that differ from those of the templates by more than `_` for `-`. */
const TIMM_NAMES: Readonly<Record<string, string>> = {
  'mobilenetv2-100': 'mobilenet-v2',
  'mobilenetv3-large-100': 'mobilenet-v3-large',
};

/**
 * The architecture that a name stands for: that of a template (`mobilenet-v2`), of a function of torchvision
 * (`mobilenet_v2`) or of a model of timm (`mobilenetv2_100.ra_in1k`, `tf_efficientnet_lite0`).
 */
export function namedArchitecture(given: string): NamedArchitecture {
  const [stem = ''] = given.toLowerCase().split('.');
  const fromTensorFlow = stem.startsWith('tf_');
  const name = stem.replace(/^tf_/, '').replaceAll('_', '-');
  return { name: TIMM_NAMES[name] ?? name, fromTensorFlow };
}
