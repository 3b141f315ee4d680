import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { message, type Message } from '../words/message.ts';

/** The order of the color channels at the network's input. Decoded images are always RGB. */
export const CHANNEL_ORDERS = ['rgb', 'bgr'] as const;
export type ChannelOrder = (typeof CHANNEL_ORDERS)[number];

/** Limits of means and deviations, in byte units. */
export const NORMALIZATION_LIMITS = { mean: 65_535, leastDeviation: 0.001, deviation: 65_535 } as const;

const meanSchema = numberSchema.min(-NORMALIZATION_LIMITS.mean).max(NORMALIZATION_LIMITS.mean);
const deviationSchema = numberSchema
  .min(NORMALIZATION_LIMITS.leastDeviation)
  .max(NORMALIZATION_LIMITS.deviation);

/** Per channel of the network's input, in byte units: `input = (byte - mean) / deviation`. */
export interface ChannelScale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Normalization by given numbers instead of those of the training images; one number for each channel of the input. */
export const normalizationSchema = z
  .strictObject({
    kind: z.literal('fixed'),
    mean: z.array(meanSchema).min(1).max(3),
    deviation: z.array(deviationSchema).min(1).max(3),
  })
  .refine(
    ({ mean, deviation }) => mean.length === deviation.length,
    ownIssue(message('schema.meanAndDeviation')),
  );
export type FixedNormalization = z.infer<typeof normalizationSchema>;

/** The settings of a project about normalization; absent: measured on the training images, in the order R, G, B. */
export interface NormalizationSettings {
  readonly normalization?: FixedNormalization | undefined;
  readonly channelOrder?: ChannelOrder | undefined;
}

/** Normalizations of pretrained networks: numbers for every channel, or for R, G, B with an order at the input. */
const PRESETS = {
  /** torchvision and timm: means 0.485, 0.456, 0.406 and deviations 0.229, 0.224, 0.225, times 255. */
  imagenet: { rgb: { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] }, order: 'rgb' },
  /** -1 to 1: Inception and the networks of TensorFlow and Keras that came after it. */
  symmetric: { every: { mean: 127.5, deviation: 127.5 } },
  /** 0 to 1. */
  unit: { every: { mean: 0, deviation: 255 } },
  /** Caffe: B, G, R, means 104, 117, 123 in that order. */
  caffe: { rgb: { mean: [123, 117, 104], deviation: [1, 1, 1] }, order: 'bgr' },
  /** The bytes themselves. */
  raw: { every: { mean: 0, deviation: 1 } },
} as const;

export const NORMALIZATION_PRESETS = ['imagenet', 'symmetric', 'unit', 'caffe', 'raw'] as const;
export type NormalizationPreset = (typeof NORMALIZATION_PRESETS)[number];

/** The presets that fit an input of this number of channels. */
export function presetsFor(channels: number): NormalizationPreset[] {
  return NORMALIZATION_PRESETS.filter((name) => 'every' in PRESETS[name] || channels === 3);
}

/**
 * The settings of a preset; null where it does not fit the number of channels. `order` overrides the preset's own; each
 * color keeps its numbers. A preset without an order of its own changes none.
 */
export function presetSettings(
  name: NormalizationPreset,
  channels: number,
  order?: ChannelOrder,
): NormalizationSettings | null {
  const preset = PRESETS[name];
  if ('every' in preset) {
    const { mean, deviation } = preset.every;
    const each = (value: number): number[] => Array<number>(channels).fill(value);
    const normalization = { kind: 'fixed', mean: each(mean), deviation: each(deviation) } as const;
    return { normalization, ...(order === undefined ? {} : { channelOrder: stored(order) }) };
  }
  if (channels !== 3) return null;
  const channelOrder = order ?? preset.order;
  const { mean, deviation } = inOrder(preset.rgb, channelOrder);
  const normalization: FixedNormalization = { kind: 'fixed', mean: [...mean], deviation: [...deviation] };
  return { normalization, channelOrder: stored(channelOrder) };
}

/** The preset with these numbers; null when there is none. */
export function presetOf({ normalization, channelOrder }: NormalizationSettings): NormalizationPreset | null {
  if (normalization === undefined) return null;
  const found = presetsFor(normalization.mean.length).find((name) => {
    const preset = presetSettings(name, normalization.mean.length, channelOrder ?? 'rgb')?.normalization;
    return preset !== undefined && isSameScale(preset, normalization);
  });
  return found ?? null;
}

function isSameScale(a: ChannelScale, b: ChannelScale): boolean {
  return a.mean.join() === b.mean.join() && a.deviation.join() === b.deviation.join();
}

/** R, G, B is absent from a project, so that it is the same project as one that was never reversed. */
function stored(order: ChannelOrder): 'bgr' | undefined {
  return order === 'bgr' ? order : undefined;
}

/** Values in the order R, G, B in this order, and the other way round. */
export function inOrder({ mean, deviation }: ChannelScale, order: ChannelOrder | undefined): ChannelScale {
  if (order !== 'bgr') return { mean, deviation };
  return { mean: [...mean].reverse(), deviation: [...deviation].reverse() };
}

/** The settings with another order of the channels; each color keeps its mean and deviation. */
export function withChannelOrder(
  { normalization, channelOrder }: NormalizationSettings,
  order: ChannelOrder,
): NormalizationSettings {
  if (normalization === undefined || order === (channelOrder ?? 'rgb'))
    return { normalization, channelOrder: stored(order) };
  const { mean, deviation } = inOrder(normalization, 'bgr');
  return {
    normalization: { kind: 'fixed', mean: [...mean], deviation: [...deviation] },
    channelOrder: stored(order),
  };
}

/** True where the numbers of a fixed normalization are not those of so many channels. */
export function misfits({ normalization }: NormalizationSettings, channels: number): boolean {
  return normalization !== undefined && normalization.mean.length !== channels;
}

/** What to do about numbers for `given` channels at an input of `channels`. */
export function misfitMessage(given: number, channels: number): Message {
  if (channels === 1) return message('preprocessing.greyInput', { given });
  return message(given === 1 ? 'preprocessing.oneForColour' : 'preprocessing.otherChannels', {
    given,
    channels,
  });
}

/**
 * What normalizes the input of a network: the fixed numbers, or the measured ones (in the order R, G, B). The order is
 * absent where the channels are not reversed. Fixed numbers must fit the channels.
 */
export function appliedNormalization(
  { normalization, channelOrder }: NormalizationSettings,
  measured: ChannelScale,
): ChannelScale & { readonly channelOrder?: 'bgr' } {
  const isReversed = channelOrder === 'bgr' && measured.mean.length === 3;
  const { mean, deviation } = normalization ?? inOrder(measured, isReversed ? 'bgr' : 'rgb');
  return { mean, deviation, ...(isReversed ? { channelOrder: 'bgr' as const } : {}) };
}
