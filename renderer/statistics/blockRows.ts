import type { NormStatistics } from '#core/contract/normStatistics.ts';
import { formatValue } from '../text/formatDuration.ts';

/** One block of the table, in formatted values; empty where there is none. */
export interface BlockRow {
  readonly node: string;
  readonly name: string;
  readonly channels: number;
  readonly isFrozen: boolean;
  /**
   * No training step has updated its statistics, and no pass has measured them: they are the initial mean 0 and
   * variance 1.
   */
  readonly isInitial: boolean;
  readonly variance: string;
  readonly change: {
    /** In deviations. */
    readonly mean: string;
    readonly worstMean: string;
    readonly worstMeanChannel: number;
    readonly before: string;
    readonly after: string;
    /** `× 1.2`. */
    readonly factor: string;
    readonly worstFactorChannel: number;
  } | null;
  /** Standard errors: of means in deviations, of variances in percent. */
  readonly error: { readonly mean: string; readonly variance: string } | null;
}

const DIGITS = 2;

export function blockRows({ blocks, pass }: NormStatistics): BlockRow[] {
  return blocks.map(({ node, name, channels, isMeasurable, batchesSeen, variance, change }) => {
    const error = pass?.errors.find((each) => each.node === node);
    return {
      ...{ node, name, channels, isFrozen: !isMeasurable, isInitial: batchesSeen === 0 && change === null },
      variance: formatValue(variance),
      change: change === null ? null : figuresOf(change),
      error:
        error === undefined
          ? null
          : { mean: sigma(error.typical.mean), variance: percent(error.typical.variance) },
    };
  });
}

type Change = NonNullable<NormStatistics['blocks'][number]['change']>;

function figuresOf({ mean, variance }: Change): NonNullable<BlockRow['change']> {
  return {
    mean: sigma(mean.typical),
    worstMean: sigma(mean.worst),
    worstMeanChannel: mean.worstChannel,
    before: formatValue(variance.before),
    after: formatValue(variance.after),
    factor: `× ${formatValue(variance.worstFactor, DIGITS)}`,
    worstFactorChannel: variance.worstChannel,
  };
}

function sigma(value: number | null): string {
  return value === null ? '—' : `${formatValue(value, DIGITS)} σ`;
}

function percent(share: number | null): string {
  return share === null ? '—' : `${formatValue(share * 100, DIGITS)} %`;
}
