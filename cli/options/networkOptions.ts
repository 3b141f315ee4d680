import { Option, type Command } from 'commander';
import { PAIR_PRESETS, type NetworkChoice, type PairPreset } from '#core/evaluation/pairPresets.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';
import { oneOf } from './parsers.ts';

const STATISTICS = ['stored', 'moving', 'exact'] as const;
const PRECISIONS = ['f32', 'bf16'] as const;
const WEIGHTS = ['ema', 'raw'] as const;
const PRESETS = Object.keys(PAIR_PRESETS) as PairPreset[];

/** Both networks of a comparison: options of the first, which hold for the other where it has none of its own. */
export interface PairOptions extends Omit<NetworkChoice, 'fold'> {
  readonly fold?: true;
  readonly with?: PairPreset;
  readonly otherCheckpoint?: NetworkChoice['checkpoint'];
  readonly otherWeights?: NetworkChoice['weights'];
  readonly otherStatistics?: NetworkChoice['statistics'];
  readonly otherPrecision?: NetworkChoice['precision'];
  readonly otherFold?: boolean;
}

/** Adds the options that choose both networks. */
export function withPairOptions(command: Command): Command {
  command.option(
    '--with <what>',
    'two networks of the one run: its last checkpoint and its best epoch (best), its trained and averaged weights (averaged), moving averages and exact statistics (exact), f32 and bf16 (bf16), BatchNorm as it is and folded (folded)',
    oneOf(PRESETS),
  );
  for (const [prefix, whose] of [
    ['', 'both networks, unless an --other option says otherwise'],
    ['other-', 'the other network'],
  ] as const) {
    command
      .option(`--${prefix}checkpoint <which>`, `last or best epoch, of ${whose}`, oneOf(CHECKPOINT_CHOICES))
      .option(`--${prefix}weights <which>`, `ema or raw, of ${whose}`, oneOf(WEIGHTS))
      .option(`--${prefix}statistics <which>`, `stored, moving or exact, of ${whose}`, oneOf(STATISTICS))
      .option(`--${prefix}precision <p>`, `f32 (default) or bf16, of ${whose}`, oneOf(PRECISIONS));
  }
  return command
    .option('--fold', 'fold BatchNorm of both networks')
    .addOption(new Option('--other-fold', 'fold BatchNorm of the other network only'));
}

/** What is compared of the first run and of the other. */
export function networksAsked(options: PairOptions): { first: NetworkChoice; second: NetworkChoice } {
  const preset = options.with === undefined ? { first: {}, second: {} } : PAIR_PRESETS[options.with];
  const { checkpoint, weights, statistics, precision, fold } = options;
  const shared = present({ checkpoint, weights, statistics, precision, fold });
  const own = present({
    checkpoint: options.otherCheckpoint,
    weights: options.otherWeights,
    statistics: options.otherStatistics,
    precision: options.otherPrecision,
    fold: options.otherFold,
  });
  return { first: { ...shared, ...preset.first }, second: { ...shared, ...preset.second, ...own } };
}

/** Without the options that were not given. */
function present(choice: {
  readonly [K in keyof NetworkChoice]: NetworkChoice[K] | undefined;
}): NetworkChoice {
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}
