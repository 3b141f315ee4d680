import path from 'node:path';
import type { Comparison } from '#core/contract/policyComparison.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { setRunPolicy } from '#core/rewrites/runPolicy.ts';
import type { RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { refuseIncomparable } from '#core/training/comparable.ts';
import { policyRows } from '#core/training/policyRows.ts';
import { policyVerdict } from '#core/training/policyVerdict.ts';
import { readRunStatus } from '../runs/folder/runFolder.ts';
import { openComparison, writeComparison, type ComparisonSettings } from './comparisonFile.ts';
import { startTrainer, type TrainerHandle, type TrainerRequest } from './trainerClient.ts';

export interface PolicySeriesOptions extends ComparisonSettings {
  /** The folder of the comparison. */
  readonly out: string;
  readonly partial?: boolean;
  /** As of `TrainRunOptions`. */
  readonly weightsFolders?: readonly string[];
  readonly cacheFolder?: string;
  /** Called with each run as it starts; stopping the run ends the series. */
  readonly onRun?: (run: SeriesRun) => void;
  /** Starts a run; in a thread of its own by default. */
  readonly start?: (request: TrainerRequest) => TrainerHandle;
}

/** A run of the series that has just started. */
export interface SeriesRun {
  readonly policy: RunPolicy;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly handle: TrainerHandle;
}

/**
 * Trains one run for each policy, one after another: the same images, split, seed, initial head and order, so that only
 * the policy differs. Each run is an ordinary one, in a folder named after its policy below `out`. `comparison.json` is
 * written after each. Finished runs are not repeated, and interrupted ones are resumed. A run that diverges is reported
 * in the table's place, and the others follow. Throws `AppError`: those of `openComparison` and `trainRun`, 'arguments'
 * for a network without BatchNorm before the head, 'interrupted' when a run was stopped.
 */
export async function runPolicySeries(options: PolicySeriesOptions): Promise<Comparison> {
  refuseIncomparable(options.document, options.from !== null);
  let comparison = await openComparison(options.out, options);
  const results: RunResult[] = [];
  comparison = { ...comparison, failures: [] };
  for (const [index, policy] of comparison.policies.entries()) {
    const place = { policy, number: index + 1, of: comparison.policies.length };
    const ended = await runOne(options, comparison, place).catch((error: unknown) => failure(policy, error));
    if ('reason' in ended) comparison = { ...comparison, failures: [...comparison.failures, ended] };
    else results.push(ended);
    const rows = [...policyRows(results)];
    comparison = { ...comparison, rows, verdict: policyVerdict(rows) };
    await writeComparison(options.out, comparison);
  }
  return comparison;
}

/** Divergence is a result of the comparison; any other error ends it. */
function failure(policy: RunPolicy, error: unknown): Comparison['failures'][number] {
  if (!(error instanceof AppError) || error.code !== 'diverged') throw error;
  return { policy, reason: error.said };
}

async function runOne(
  options: PolicySeriesOptions,
  comparison: Comparison,
  place: Omit<SeriesRun, 'handle'>,
): Promise<RunResult> {
  const { out, document, start = startTrainer } = options;
  const { policy } = place;
  const folder = path.join(out, policy);
  const status = await readRunStatus(folder);
  if (status.kind === 'finished') return status.result;
  const others = await manifestsOf(out, comparison);
  const handle = start({
    project: serializeDocument(setRunPolicy(document, policy)),
    ...{ name: policy, out: folder, resume: status.kind === 'begun' },
    ...{ train: options.train, validation: options.validation, labels: options.labels },
    ...{ splitFrom: options.splitFrom, from: options.from, partial: options.partial ?? false },
    weightsFolders: options.weightsFolders ?? [],
    ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
    series: {
      ...{ id: comparison.id, policy, testFolder: options.test },
      measuresStart: others.every(({ series }) => (series?.start ?? null) === null),
      fingerprint: others[0]?.data.fingerprint ?? null,
    },
  });
  options.onRun?.({ ...place, handle });
  return handle.done;
}

/** The manifests of the runs that were started. */
async function manifestsOf(out: string, { policies }: Comparison) {
  const found = await Promise.all(policies.map((policy) => readRunStatus(path.join(out, policy))));
  return found.flatMap((status) => (status.kind === 'none' ? [] : [status.manifest]));
}
