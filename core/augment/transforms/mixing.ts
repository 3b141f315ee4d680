import { defineTransform, probability } from '../definition.ts';

const alpha = (standard: number, source: string) =>
  ({
    type: 'number',
    label: 'Alpha',
    help: `Parameter of the Beta(alpha, alpha) distribution of the shares: with small values one image dominates, with 1 all shares are equally likely. ${source}`,
    default: standard,
    min: 0.01,
    max: 10,
    unit: 'none',
    slider: { max: 2, step: 0.01 },
  }) as const;

/** Blends an image and its label with those of another training image; implemented in `core/augment/mix.ts`. */
export const mixup = defineTransform({
  salt: 16,
  title: 'Mixup',
  help: 'Blends the image with another one of the training set, and their labels in the same shares (Zhang et al. 2018). Training accuracy counts the label of the larger share.',
  fields: {
    alpha: alpha(0.2, 'Default 0.2 (Zhang et al. 2018, ImageNet); 1 on CIFAR-10.'),
    probability: probability(1, 'Default 1, as the paper.'),
  },
});

/** Pastes a box of another training image and mixes the labels by area; implemented in `core/augment/mix.ts`. */
export const cutmix = defineTransform({
  salt: 17,
  title: 'CutMix',
  help: 'Pastes a random box of another training image, and mixes the labels by area (Yun et al. 2019). If Mixup is on as well and both would act, one of them is drawn at random.',
  fields: {
    alpha: alpha(1, 'Default 1 (Yun et al. 2019).'),
    probability: probability(0.5, 'Default 0.5 (Yun et al. 2019, CIFAR).'),
  },
});
