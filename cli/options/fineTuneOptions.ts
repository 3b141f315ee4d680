import type { Command } from 'commander';
import { FEATURE_POLICIES, MOST_VERSIONS, type TrainingSettings } from '#core/document/trainingSettings.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Graph } from '#core/document/schema.ts';
import { blockPolicyOf, RUN_POLICIES, type RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { setBatchNormPolicy, trunkNorms } from '#core/rewrites/batchNormPolicy.ts';
import { headOf } from '#core/rewrites/trunk.ts';
import {
  LARGEST_RATE,
  setWhatTrains,
  WHAT_TRAINS,
  whatTrainsOf,
  type WhatTrains,
} from '#core/rewrites/whatTrains.ts';
import { message } from '#core/words/message.ts';
import { oneOf, realNumber, wholeNumber } from './parsers.ts';

export interface FineTuneOptions {
  train?: WhatTrains;
  bn?: RunPolicy;
  headEpochs?: number;
  trunkRate?: number;
  layerDecay?: number;
  features?: NonNullable<TrainingSettings['features']>;
  featureVersions?: number;
}

/** Adds the options that say what trains; without them the network keeps its own switches. */
export function withFineTuneOptions(command: Command): Command {
  return command
    .option('--train <what>', `what trains: ${WHAT_TRAINS.join(', ')}`, oneOf(WHAT_TRAINS))
    .option('--head-epochs <n>', 'epochs at the start in which only the head trains', wholeNumber(0, 100_000))
    .option(
      '--trunk-rate <factor>',
      'learning rate of the stage before the head, relative to the head',
      realNumber(0, LARGEST_RATE, true),
    )
    .option(
      '--layer-decay <factor>',
      'learning rate of each stage relative to the one after it',
      realNumber(0, 1, true),
    )
    .option(
      '--features <policy>',
      'auto: compute the output of frozen blocks once for each image where that saves time; off: at every step',
      oneOf(FEATURE_POLICIES),
    )
    .option(
      '--feature-versions <n>',
      'with augmentation: keep the output of frozen blocks for n augmented versions of each image',
      wholeNumber(1, MOST_VERSIONS),
    );
}

/** Adds the option for one policy of BatchNorm. */
export function withPolicyOption(command: Command): Command {
  return command.option(
    '--bn <policy>',
    `BatchNorm before the head: ${RUN_POLICIES.join(', ')}`,
    oneOf(RUN_POLICIES),
  );
}

/** The network with what trains, its rates and its BatchNorm as the options say. Throws `AppError('arguments')`. */
export function withFineTuning(graph: Graph, options: FineTuneOptions): Graph {
  const { bn } = options;
  const trained = withWhatTrains(graph, options);
  if (bn === undefined) return trained;
  if (trunkNorms(trained).length === 0) throw new AppError('arguments', message('fineTuning.noNorms'));
  return setBatchNormPolicy(trained, blockPolicyOf(bn));
}

function withWhatTrains(graph: Graph, { train, trunkRate, layerDecay }: FineTuneOptions): Graph {
  if (train === undefined && trunkRate === undefined && layerDecay === undefined) return graph;
  if (headOf(graph).length === 0) throw new AppError('arguments', message('fineTuning.noHead'));
  const what = train ?? whatTrainsOf(graph);
  if (what === 'custom') throw new AppError('arguments', message('fineTuning.ratesNeedTrain'));
  return setWhatTrains(graph, what, { trunkRate, layerDecay });
}
