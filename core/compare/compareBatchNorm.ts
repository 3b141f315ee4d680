import type { NodeId } from '../diagnostics/ids.ts';
import type { BATCH_NORM_PARAMS } from '../nodes/batchNormParams.ts';
import { isBatchNorm } from '../export/batchNormFacts.ts';
import type { SlotValue } from '../import/foreignModel.ts';
import type { BlockPair } from './alignBlocks.ts';
import { compareSettings, type SettingComparison } from './compareSettings.ts';
import type { TensorComparison } from './compareTensors.ts';

/** The largest relative difference of positive or negative factors, and how many were not finite. */
interface FactorDifference {
  /** Largest |a − b| / max(|a|, |b|) over the channels that are finite in both. */
  readonly relative: number;
  /** Channels that are not finite on at least one side, as with a negative variance. */
  readonly notFinite: number;
}

/** A BatchNorm block of both models. Null stands for what cannot be compared: a value is missing, or shapes differ. */
export interface BatchNormComparison {
  readonly a: NodeId;
  readonly b: NodeId;
  readonly channelsA: number;
  readonly channelsB: number;
  /** Epsilon, decay, estimator, averaging and the four switches first, then the others. */
  readonly settings: readonly SettingComparison[];
  /** Largest absolute differences. */
  readonly mean: number | null;
  readonly variance: number | null;
  readonly gamma: number | null;
  readonly beta: number | null;
  /** The same, relative to the largest magnitude of both tensors. */
  readonly relative: Readonly<Record<(typeof FIELDS)[number], number | null>>;
  /** Of gamma / √(variance + epsilon), the factor of a channel in evaluation. */
  readonly scale: FactorDifference | null;
  /** What the epsilons alone change of that factor: for the variances of each model, under both epsilons. */
  readonly epsilonAlone: FactorDifference | null;
  /** True when settings and values are equal, the values to the bit. */
  readonly isEqual: boolean;
}

/** The values of both models by slot name. */
interface Sides {
  readonly a: ReadonlyMap<string, SlotValue>;
  readonly b: ReadonlyMap<string, SlotValue>;
  /** The tensors that were compared, by their name in A. */
  readonly compared: ReadonlyMap<string, TensorComparison>;
  /** True where a model has no values at all: the settings alone are compared. */
  readonly isEmpty: boolean;
}

const FIRST: readonly (keyof typeof BATCH_NORM_PARAMS)[] = [
  ...(['epsilon', 'decay', 'variance', 'averaging'] as const),
  ...(['normalizeBy', 'updateStatistics', 'trainGamma', 'trainBeta'] as const),
];

const FIELDS = ['mean', 'variance', 'gamma', 'beta'] as const;

/** Compares the blocks that are BatchNorm in both networks. */
export function compareBatchNorm(pairs: readonly BlockPair[], sides: Sides): readonly BatchNormComparison[] {
  return pairs
    .filter(({ a, b }) => isBatchNorm(a) && isBatchNorm(b))
    .map((pair) => {
      const { a, b } = pair;
      const settings = sorted(compareSettings(pair));
      const fields = FIELDS.map((field) => sides.compared.get(`${a.id}.${field}`) ?? null);
      const [mean, variance, gamma, beta] = fields.map((field) => field?.absolute ?? null);
      const [ofMean, ofVariance, ofGamma, ofBeta] = fields.map((field) => field?.relative ?? null);
      return {
        ...{ a: a.id, b: b.id, channelsA: a.statisticChannels, channelsB: b.statisticChannels, settings },
        ...{ mean: mean ?? null, variance: variance ?? null, gamma: gamma ?? null, beta: beta ?? null },
        relative: {
          ...{ mean: ofMean ?? null, variance: ofVariance ?? null },
          ...{ gamma: ofGamma ?? null, beta: ofBeta ?? null },
        },
        ...compareFactors(pair, sides),
        isEqual:
          settings.every(({ differs }) => !differs) &&
          (sides.isEmpty || fields.every((field) => field?.isEqual === true)),
      };
    });
}

function sorted(settings: readonly SettingComparison[]): SettingComparison[] {
  const rank = ({ name }: SettingComparison): number => {
    const index = FIRST.findIndex((first) => first === name);
    return index < 0 ? FIRST.length : index;
  };
  return settings.toSorted((one, other) => rank(one) - rank(other));
}

function compareFactors(
  { a, b }: BlockPair,
  sides: Sides,
): Pick<BatchNormComparison, 'scale' | 'epsilonAlone'> {
  const varianceA = sides.a.get(`${a.id}.variance`)?.read();
  const varianceB = sides.b.get(`${b.id}.variance`)?.read();
  if (varianceA === undefined || varianceB === undefined || varianceA.length !== varianceB.length)
    return { scale: null, epsilonAlone: null };
  const epsilonA = Number(a.params['epsilon']);
  const epsilonB = Number(b.params['epsilon']);
  const ones = new Float32Array(varianceA.length).fill(1);
  const alone = [varianceA, varianceB].map((variance) =>
    compareFactor(factors(ones, variance, epsilonA), factors(ones, variance, epsilonB)),
  );
  const gammaA = sides.a.get(`${a.id}.gamma`)?.read();
  const gammaB = sides.b.get(`${b.id}.gamma`)?.read();
  return {
    scale:
      gammaA === undefined || gammaB === undefined
        ? null
        : compareFactor(factors(gammaA, varianceA, epsilonA), factors(gammaB, varianceB, epsilonB)),
    epsilonAlone: {
      relative: Math.max(...alone.map(({ relative }) => relative)),
      notFinite: Math.max(...alone.map(({ notFinite }) => notFinite)),
    },
  };
}

/** gamma / √(variance + epsilon) of each channel, in float64. */
function factors(gamma: Float32Array, variance: Float32Array, epsilon: number): Float64Array {
  return Float64Array.from(
    variance,
    (value, channel) => (gamma[channel] ?? NaN) / Math.sqrt(value + epsilon),
  );
}

function compareFactor(a: Float64Array, b: Float64Array): FactorDifference {
  let relative = 0;
  let notFinite = 0;
  a.forEach((one, channel) => {
    const other = b[channel] ?? NaN;
    if (!Number.isFinite(one) || !Number.isFinite(other)) notFinite += 1;
    else if (one !== other)
      relative = Math.max(relative, Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other)));
  });
  return { relative, notFinite };
}
