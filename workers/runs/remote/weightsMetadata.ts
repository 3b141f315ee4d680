import { z } from 'zod';
import { foreignWeightsSchema, type ForeignWeightsFacts } from '#core/contract/trainedElsewhere.ts';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import { preprocessingSchema, type Preprocessing } from '#core/document/preprocessing.ts';
import { METADATA_KEYS, METADATA_VERSION } from '#core/export/metadata.ts';
import { message } from '#core/words/message.ts';
import { damaged, whyNot } from './remoteFiles.ts';

type Metadata = Readonly<Record<string, string>>;

const range = z.tuple([z.number(), z.number()]);
const writtenPreprocessing = z.object({
  height: z.number(),
  width: z.number(),
  channels: z.number(),
  resize: z.enum(RESIZE_POLICIES),
  crop_fraction: z.number().optional(),
  value_ranges: z.object({ uint16: range.optional(), other_numbers: range.optional() }).optional(),
  network_colour: z.literal('BGR').optional(),
  mean_bytes: z.array(z.number()),
  deviation_bytes: z.array(z.number()),
});

const count = z.number().int().nonnegative();
const writtenStatistics = z.object({
  source: z.enum(['moving-average', 'exact', 'estimated']),
  batches_read: count.optional(),
  batches_in_set: count.optional(),
  images: z.enum(['training', 'validation', 'folder']).optional(),
  weights: z.enum(['raw', 'ema']).default('raw'),
  started_from: z.string().optional(),
  batches_seen: count,
  epochs: count,
});

const writtenNorms = z.record(z.string(), z.object({ statistics: z.string().optional() }).loose());
const classNames = z.array(z.string().max(4096)).min(2).max(1_000_000);

/** What the metadata of a file of weights say. */
export interface WeightsMetadata {
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly facts: Omit<ForeignWeightsFacts, 'seenBy'>;
}

/**
 * Reads the metadata of docs/formats.md from a file of weights that was written elsewhere. Throws
 * `AppError('run-invalid')` for missing and damaged ones, for a higher version, and for folded BatchNorm.
 */
export function readWeightsMetadata(file: string, metadata: Metadata): WeightsMetadata {
  const version = textOf(file, metadata, METADATA_KEYS.format);
  if (version !== METADATA_VERSION)
    throw damaged(file, message('remote.newerMetadata', { version, known: METADATA_VERSION }));
  if (metadata[METADATA_KEYS.folding] !== undefined) throw damaged(file, message('remote.folded'));
  const statistics = jsonOf(file, metadata, METADATA_KEYS.statistics, writtenStatistics);
  const names = jsonOf(file, metadata, METADATA_KEYS.classNames, classNames);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw damaged(file, message('remote.classTwice', { name: twice }));
  return {
    classNames: names,
    preprocessing: preprocessingOf(file, metadata),
    facts: factsOf(statistics, jsonOf(file, metadata, METADATA_KEYS.batchNorm, writtenNorms)),
  };
}

function factsOf(
  written: z.infer<typeof writtenStatistics>,
  norms: z.infer<typeof writtenNorms>,
): WeightsMetadata['facts'] {
  const { source, batches_read: batches, batches_in_set: ofBatches, images: over, weights } = written;
  const initialized = Object.entries(norms)
    .filter(([, { statistics }]) => statistics === 'never updated')
    .map(([node]) => `${node}.mean`);
  return {
    weights,
    statistics: source === 'moving-average' ? source : 'exact',
    ...(source === 'moving-average' || batches === undefined ? {} : { read: { batches, ofBatches, over } }),
    ...{ epochs: written.epochs, batchesSeen: written.batches_seen },
    ...(written.started_from === undefined ? {} : { start: { source: written.started_from, initialized } }),
  };
}

function preprocessingOf(file: string, metadata: Metadata): Preprocessing {
  const key = METADATA_KEYS.preprocessing;
  const written = jsonOf(file, metadata, key, writtenPreprocessing);
  const { crop_fraction: cropFraction, value_ranges: ranges, network_colour: order, ...rest } = written;
  const { mean_bytes: mean, deviation_bytes: deviation, ...size } = rest;
  const read = preprocessingSchema.safeParse(
    {
      ...{ ...size, mean, deviation },
      ...(cropFraction === undefined ? {} : { cropFraction }),
      ...(ranges === undefined ? {} : { ranges: rangesOf(ranges) }),
      ...(order === undefined ? {} : { channelOrder: 'bgr' }),
    },
    { reportInput: true },
  );
  if (read.success) return read.data;
  throw damaged(file, message('remote.badMetadata', { key, reason: whyNot(read.error) }), read.error);
}

function rangesOf({
  uint16,
  other_numbers: number,
}: NonNullable<z.infer<typeof writtenPreprocessing>['value_ranges']>): object {
  return {
    ...(uint16 === undefined ? {} : { unsigned16: uint16 }),
    ...(number === undefined ? {} : { number }),
  };
}

function textOf(file: string, metadata: Metadata, key: string): string {
  const text = metadata[key];
  if (text === undefined) throw damaged(file, message('remote.noMetadata', { key }));
  return text;
}

function jsonOf<T>(file: string, metadata: Metadata, key: string, schema: z.ZodType<T>): T {
  const text = textOf(file, metadata, key);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, message('remote.badMetadata', { key, reason: message('remote.notJson') }), cause);
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw damaged(file, message('remote.badMetadata', { key, reason: whyNot(parsed.error) }), parsed.error);
}

/** The facts about weights with the batches that each BatchNorm block has seen, as they are kept in a checkpoint. */
export function foreignFacts(
  facts: WeightsMetadata['facts'],
  seenBy: ReadonlyMap<string, number>,
): ForeignWeightsFacts {
  return foreignWeightsSchema.parse({ ...facts, seenBy: Object.fromEntries(seenBy) });
}
