import { message } from '../words/message.ts';
import { batchNormFacts, statisticsOrigin, type BatchNormFacts } from './batchNormFacts.ts';
import { channelsInWords, concerned, type Concerned, type ExportFinding } from './exportFinding.ts';
import { normScale, normValues, type NormValues } from './normValues.ts';
import type { TrainedModel } from './trainedModel.ts';

/** A variance below this many epsilons: epsilon is then more than 9 % of what the input is divided by. */
const SMALL_VARIANCE = 10;
/**
 * Gamma below this share of the block's largest: 2^-10, the spacing of float16 and TF32 numbers. Beside the largest
 * channel such a channel is lost in 16-bit arithmetic.
 */
const SMALL_GAMMA = 2 ** -10;
/**
 * Gamma below this counts as 0 in any block: normalized values are seldom above 10, so the channel moves by less than
 * 1e-5, the default epsilon.
 */
const NO_GAMMA = 1e-6;

/** A block with its facts and values. */
interface Norm {
  readonly model: TrainedModel;
  readonly facts: BatchNormFacts;
  readonly values: NormValues;
}

type Check = (norm: Norm) => ExportFinding | null;

/** The first that finds something is reported of each list. */
const CHECKS: readonly (readonly Check[])[] = [
  [noBatches, initialStatistics],
  [negativeVariance, smallVariance],
  [constantBlock, smallGamma],
];

/**
 * What the statistics and gammas of the BatchNorm blocks give reason to report, in the graph's order. Values that are
 * not finite are left to `lintModel`.
 */
export function lintNorms(model: TrainedModel): readonly ExportFinding[] {
  return batchNormFacts(model.graph).flatMap((facts) => {
    const norm = { model, facts, values: normValues(model, facts.node) };
    return CHECKS.flatMap((checks) => {
      for (const check of checks) {
        const finding = check(norm);
        if (finding !== null) return [finding];
      }
      return [];
    });
  });
}

/** The fields that a finding about the whole block has. */
function whole({ facts }: Norm): Pick<ExportFinding, 'node' | 'tensor' | keyof Concerned> {
  return { node: facts.node, tensor: null, channels: [], count: facts.channels, of: facts.channels };
}

/** An error where the whole network has seen no batch, else a warning: the block alone does not update. */
function noBatches(norm: Norm): ExportFinding | null {
  const { model, facts } = norm;
  if (statisticsOrigin(model, facts).origin !== 'never updated') return null;
  const { statistics, batchesSeen } = model.provenance;
  const block = facts.node;
  if (statistics !== 'exact' && batchesSeen === 0) {
    const said = message('exporting.noBatchSeen', { block });
    return { code: 'no-batches', severity: 'error', ...whole(norm), message: said, hint: null };
  }
  return {
    ...{ code: 'never-updated', severity: 'warning', ...whole(norm) },
    message: message('exportLint.neverUpdated', { block }),
    hint: message('exportLint.neverUpdatedHint'),
  };
}

function initialStatistics(norm: Norm): ExportFinding | null {
  const { facts, values } = norm;
  const isInitial = values.mean.every((mean) => mean === 0) && values.variance.every((value) => value === 1);
  if (!isInitial) return null;
  return {
    ...{ code: 'initial-statistics', severity: 'warning', ...whole(norm) },
    message: message('exportLint.initial', { block: facts.node }),
    hint: message('exportLint.initialHint'),
  };
}

/**
 * An error where no output can be computed. Slightly below 0 is the rounding of another program that computes E[x^2] -
 * mean^2, and PyTorch computes with it as it is.
 */
function negativeVariance({ facts, values }: Norm): ExportFinding | null {
  const { node, epsilon } = facts;
  const impossible = concerned(values.variance, (variance) => variance + epsilon <= 0);
  const found = impossible.count > 0 ? impossible : concerned(values.variance, (variance) => variance < 0);
  if (found.count === 0) return null;
  const isError = impossible.count > 0;
  const where = channelsInWords(found);
  return {
    ...{ code: 'negative-variance', severity: isError ? 'error' : 'warning' },
    ...{ node, tensor: `${node}.variance`, ...found },
    message: message(isError ? 'exportLint.negative' : 'exportLint.slightlyNegative', {
      ...{ block: node, where, epsilon },
    }),
    hint: message('exportLint.negativeHint'),
  };
}

/** Two digits, without an exponent for large factors. */
function factorInWords(factor: number): string {
  return factor >= 10 ? String(Math.round(factor)) : factor.toPrecision(2);
}

/** A warning where such a channel amplifies its input, since gamma is large enough; else an information. */
function smallVariance({ facts, values }: Norm): ExportFinding | null {
  const { node, epsilon } = facts;
  const isSmall = (variance: number): boolean => variance >= 0 && variance < SMALL_VARIANCE * epsilon;
  const found = concerned(values.variance, isSmall);
  if (found.count === 0) return null;
  const scale = normScale(values, epsilon).filter((_, channel) => isSmall(values.variance[channel] ?? NaN));
  const factor = scale.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const isAmplified = factor > 1;
  const said = { block: node, where: channelsInWords(found), epsilon, factor: factorInWords(factor) };
  return {
    ...{ code: 'small-variance', severity: isAmplified ? 'warning' : 'info' },
    ...{ node, tensor: `${node}.variance`, ...found },
    message: message(isAmplified ? 'exportLint.amplified' : 'exportLint.quiet', said),
    hint: message(isAmplified ? 'exportLint.amplifiedHint' : 'exportLint.quietHint'),
  };
}

function constantBlock(norm: Norm): ExportFinding | null {
  const { facts, values } = norm;
  if (!values.gamma.every((gamma) => Math.abs(gamma) < NO_GAMMA)) return null;
  return {
    ...{ code: 'constant-block', severity: 'warning', ...whole(norm), tensor: `${facts.node}.gamma` },
    message: message('exportLint.constant', { block: facts.node }),
    hint: message('exportLint.constantHint'),
  };
}

function smallGamma({ facts, values }: Norm): ExportFinding | null {
  const { node } = facts;
  const finite = values.gamma.filter((gamma) => Number.isFinite(gamma));
  const largest = finite.reduce((most, gamma) => Math.max(most, Math.abs(gamma)), 0);
  const limit = Math.max(NO_GAMMA, SMALL_GAMMA * largest);
  const found = concerned(values.gamma, (gamma) => Math.abs(gamma) < limit);
  if (found.count === 0) return null;
  return {
    ...{ code: 'small-gamma', severity: 'info', node, tensor: `${node}.gamma`, ...found },
    message: message('exportLint.smallGamma', { block: node, where: channelsInWords(found) }),
    hint: message('exportLint.smallGammaHint'),
  };
}
