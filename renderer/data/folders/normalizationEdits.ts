import {
  appliedNormalization,
  inOrder,
  misfits,
  presetSettings,
  type ChannelOrder,
  type ChannelScale,
  type FixedNormalization,
  type NormalizationSettings,
} from '#core/document/normalization.ts';

/** Names of the input's color channels, in their order. */
export const CHANNEL_NAMES: Readonly<Record<ChannelOrder, readonly string[]>> = {
  rgb: ['R', 'G', 'B'],
  bgr: ['B', 'G', 'R'],
};

/** The first numbers after a switch from measured ones: ImageNet's, or 0 to 1 for a grey input. */
export function firstFixed(settings: NormalizationSettings, channels: number): NormalizationSettings {
  const order = settings.channelOrder ?? 'rgb';
  return presetSettings(channels === 3 ? 'imagenet' : 'unit', channels, order) ?? {};
}

/** The normalization with one number changed. */
export function withNumber(
  normalization: FixedNormalization,
  part: keyof ChannelScale,
  channel: number,
  value: number,
): FixedNormalization {
  return { ...normalization, [part]: normalization[part].map((old, at) => (at === channel ? value : old)) };
}

/** Numbers for another number of channels: a single one repeated, or the mean of several, to three digits. */
export function adaptedTo({ mean, deviation }: FixedNormalization, channels: number): FixedNormalization {
  const adapt = (values: readonly number[]): number[] => {
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Array<number>(channels).fill(Math.round(average * 1000) / 1000);
  };
  return { kind: 'fixed', mean: adapt(mean), deviation: adapt(deviation) };
}

/**
 * What normalizes the pixels of an image, in the order R, G, B: the numbers of the project, or the measured ones.
 * Numbers for another input are not used.
 */
export function imageScale<M extends ChannelScale & { readonly isExact: boolean }>(
  settings: NormalizationSettings,
  measured: M,
): M {
  if (settings.normalization === undefined || misfits(settings, measured.mean.length)) return measured;
  const applied = appliedNormalization(settings, measured);
  return { ...measured, ...inOrder(applied, applied.channelOrder), isExact: true };
}
