import type { Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { LEAST_CROP_FRACTION } from '#core/document/crop.ts';
import { RESIZE_POLICIES, type DataSettings, type ResizePolicy } from '#core/document/dataSettings.ts';
import {
  CHANNEL_ORDERS,
  NORMALIZATION_PRESETS,
  presetSettings,
  presetsFor,
  withChannelOrder,
  type ChannelOrder,
} from '#core/document/normalization.ts';
import { message } from '#core/words/message.ts';
import { oneOf, realNumber } from './parsers.ts';

const NORMALIZATIONS = ['measured', ...NORMALIZATION_PRESETS] as const;

/** How images become the network's input. */
export interface PreprocessingOptions {
  resize?: ResizePolicy;
  cropFraction?: number;
  normalize?: (typeof NORMALIZATIONS)[number];
  channelOrder?: ChannelOrder;
}

/** Adds the options from the image to the network's input. */
export function withPreprocessingOptions(command: Command): Command {
  return command
    .option(
      '--resize <policy>',
      `how an image fits the input: ${RESIZE_POLICIES.join(', ')}`,
      oneOf(RESIZE_POLICIES),
    )
    .option(
      '--crop-fraction <f>',
      'with --resize crop: part of the resized image that is kept (default 0.875: 224 of 256)',
      realNumber(LEAST_CROP_FRACTION, 1),
    )
    .option(
      '--normalize <how>',
      `mean and deviation of the input: ${NORMALIZATIONS.join(', ')}`,
      oneOf(NORMALIZATIONS),
    )
    .option('--channel-order <order>', 'colours at the input: rgb, or bgr as Caffe', oneOf(CHANNEL_ORDERS));
}

/**
 * The data settings, overridden by the command line. `channels`: of the network's input. Throws `AppError('arguments')`
 * for a crop fraction without a crop, and a preset that does not fit the channels.
 */
export function overrulePreprocessing(
  data: DataSettings,
  options: PreprocessingOptions,
  channels: number,
): DataSettings {
  const resize = options.resize ?? data.resize;
  const { cropFraction } = options;
  if (cropFraction !== undefined && resize !== 'crop')
    throw new AppError('arguments', message('preprocessing.fractionWithoutCrop', { resize }));
  return {
    ...data,
    resize,
    ...(cropFraction === undefined ? {} : { cropFraction }),
    ...normalizationOf(data, options, channels),
  };
}

function normalizationOf(
  data: DataSettings,
  { normalize, channelOrder }: PreprocessingOptions,
  channels: number,
): Pick<DataSettings, 'normalization' | 'channelOrder'> {
  const { normalization } = data;
  if (normalize === undefined || normalize === 'measured') {
    const kept = { ...data, normalization: normalize === undefined ? normalization : undefined };
    return withChannelOrder(kept, channelOrder ?? data.channelOrder ?? 'rgb');
  }
  const settings = presetSettings(normalize, channels, channelOrder);
  if (settings !== null) return settings;
  const others = presetsFor(channels).join(', ');
  throw new AppError(
    'arguments',
    message('preprocessing.presetNeedsColour', { preset: normalize, channels, others }),
  );
}
