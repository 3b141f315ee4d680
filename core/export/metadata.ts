import type { FoldDecision } from './foldPlan.ts';
import { inEnglish } from '../words/catalogues.ts';
import { isEstimate } from '../batchnorm/statisticsPass.ts';
import { DEFAULT_CROP_FRACTION, sideBeforeCrop } from '../document/crop.ts';
import { inOrder } from '../document/normalization.ts';
import type { Preprocessing, ValueRanges } from '../document/preprocessing.ts';
import { batchNormFacts, statisticsOrigin, type BatchNormFacts } from './batchNormFacts.ts';
import type { RenormBounds } from '../program/instruction.ts';
import { portableProject } from './portableProject.ts';
import { readoutOf } from './readout.ts';
import type { TrainedModel } from './trainedModel.ts';

/** Version of the metadata format; a reader refuses a higher one. */
export const METADATA_VERSION = '1';

/**
 * Keys that NormLab writes into exported files; every value is a string, most of them JSON. Described in
 * docs/formats.md.
 */
export const METADATA_KEYS = {
  format: 'normlab.format',
  version: 'normlab.version',
  projectName: 'normlab.project_name',
  project: 'normlab.project',
  classNames: 'normlab.class_names',
  preprocessing: 'normlab.preprocessing',
  batchNorm: 'normlab.batch_norm',
  statistics: 'normlab.statistics',
  output: 'normlab.output',
  folding: 'normlab.folding',
  /** In a folder for a framework: the name of each block in its files. */
  modules: 'normlab.modules',
} as const;

/** The axes of a batch of images: samples, channels, rows, columns. */
export type InputLayout = 'NCHW' | 'NHWC';

/** How the exported network differs from the model. */
export interface MetadataOptions {
  /** True when the first operations of the file normalize bytes; false when the caller has to. */
  readonly normalizesInput: boolean;
  /** True when the file takes bytes `[N, H, W, C]` of any height and width, and resizes them itself. */
  readonly preparesImages?: boolean;
  /** The axes of the input; `NCHW` by default. */
  readonly layout?: InputLayout;
  /** The network before folding and the decision for each of its BatchNorm blocks; null when nothing was folded. */
  readonly folding: { readonly source: TrainedModel; readonly decisions: readonly FoldDecision[] } | null;
}

/** Everything a reader needs besides the tensors, as strings by key. */
export function modelMetadata(model: TrainedModel, options: MetadataOptions): Record<string, string> {
  const { document, provenance, classNames, preprocessing } = model;
  const source = options.folding?.source ?? model;
  return {
    [METADATA_KEYS.format]: METADATA_VERSION,
    [METADATA_KEYS.version]: provenance.normlabVersion,
    [METADATA_KEYS.projectName]: document.name,
    [METADATA_KEYS.classNames]: JSON.stringify(classNames),
    [METADATA_KEYS.preprocessing]: JSON.stringify(describePreprocessing(preprocessing, options)),
    [METADATA_KEYS.batchNorm]: JSON.stringify(
      Object.fromEntries(
        batchNormFacts(source.graph).map((facts) => [facts.node, describeNorm(source, facts)]),
      ),
    ),
    [METADATA_KEYS.statistics]: JSON.stringify({
      source: isEstimate(provenance.read) ? 'estimated' : provenance.statistics,
      ...(provenance.read?.ofBatches === undefined
        ? {}
        : { batches_read: provenance.read.batches, batches_in_set: provenance.read.ofBatches }),
      ...(provenance.read?.over === undefined ? {} : { images: provenance.read.over }),
      weights: provenance.weights ?? 'raw',
      checkpoint: provenance.checkpoint ?? 'last',
      ...(provenance.start === undefined ? {} : { started_from: provenance.start.source }),
      batches_seen: provenance.batchesSeen,
      epochs: provenance.epochs,
      step: provenance.step,
    }),
    [METADATA_KEYS.output]: JSON.stringify({
      loss: document.training.loss.kind,
      logits: model.graph.logitCount,
      probabilities: readoutOf(document.training.loss, model.graph.logitCount),
    }),
    ...(options.folding === null
      ? {}
      : { [METADATA_KEYS.folding]: JSON.stringify(describeFolding(options.folding.decisions)) }),
    [METADATA_KEYS.project]: portableProject(model),
  };
}

function describeNorm(model: TrainedModel, facts: BatchNormFacts): object {
  const { origin, batchesSeen } = statisticsOrigin(model, facts);
  const { channels, epsilon, decay, estimator, averaging, ghostSize, renorm } = facts;
  return {
    channels,
    epsilon,
    decay,
    // 1 - 0.9 would print as 0.09999999999999998.
    pytorch_momentum: averaging === 'cumulative' ? null : Number((1 - decay).toPrecision(12)),
    variance_estimator: estimator,
    averaging,
    statistics: origin,
    batches_seen: batchesSeen,
    ghost_group_size: ghostSize,
    renormalization: renorm === null ? null : describeRenorm(renorm),
  };
}

function describeRenorm({ maxR, maxD, rampStart, rampEndR, rampEndD }: RenormBounds): object {
  return { r_max: maxR, d_max: maxD, ramp_start: rampStart, ramp_end_r: rampEndR, ramp_end_d: rampEndD };
}

function describePreprocessing(
  preprocessing: Preprocessing,
  { normalizesInput, preparesImages = false, layout = preparesImages ? 'NHWC' : 'NCHW' }: MetadataOptions,
): object {
  const { height, width, channels, ranges, channelOrder } = preprocessing;
  const isReversed = channelOrder === 'bgr';
  // In the order of `colour`: a file that normalizes takes RGB, and reverses the channels itself.
  const { mean, deviation } = inOrder(preprocessing, isReversed && normalizesInput ? 'bgr' : 'rgb');
  const perUnit = (values: readonly number[]): number[] => values.map((value) => value / 255);
  return {
    height,
    width,
    channels,
    colour: channels === 1 ? 'grey' : isReversed && !normalizesInput ? 'BGR' : 'RGB',
    ...(isReversed ? { network_colour: 'BGR' } : {}),
    layout,
    ...(preparesImages ? { element_type: 'uint8', any_size: true } : {}),
    ...describeResize(preprocessing),
    ...(ranges === undefined ? {} : { value_ranges: describeRanges(ranges) }),
    mean_bytes: mean,
    deviation_bytes: deviation,
    mean_unit: perUnit(mean),
    deviation_unit: perUnit(deviation),
    formula: preparesImages ? preparingFormula(isReversed) : formulaOf(isReversed, normalizesInput),
  };
}

function preparingFormula(isReversed: boolean): string {
  return `input = bytes (0..255, uint8) of images of any height and width; the network itself resizes them to height x width by the policy of resize, and computes (byte - mean_bytes) / deviation_bytes${isReversed ? ' and reverses the channels to blue, green, red' : ''}`;
}

function formulaOf(isReversed: boolean, normalizesInput: boolean): string {
  const normalized = '(byte - mean_bytes) / deviation_bytes';
  if (!normalizesInput)
    return `input = ${normalized}${isReversed ? '; the channels of input are blue, green, red, and so are those of mean_bytes and deviation_bytes' : ''}`;
  return `input = byte (0..255, float32); the network itself computes ${normalized}${isReversed ? ' and reverses the channels to blue, green, red' : ''}`;
}

/** For `crop` also the sides that the image is resized to cover before its centre is cropped. */
function describeResize({ resize, cropFraction, height, width }: Preprocessing): object {
  if (resize !== 'crop') return { resize };
  const fraction = cropFraction ?? DEFAULT_CROP_FRACTION;
  const side = (size: number): number => sideBeforeCrop(size, fraction);
  return { resize, crop_fraction: fraction, resize_height: side(height), resize_width: side(width) };
}

/** Values that map to bytes 0 and 255, rounded and clipped. */
function describeRanges({ unsigned16, number }: ValueRanges): object {
  return {
    ...(unsigned16 === undefined ? {} : { uint16: unsigned16 }),
    ...(number === undefined ? {} : { other_numbers: number }),
  };
}

function describeFolding(decisions: readonly FoldDecision[]): object {
  return Object.fromEntries(
    decisions.map(({ node, into, reason }) => [node, { into, reason: inEnglish(reason) }]),
  );
}
