import { resolve } from 'node:path';
import { Command } from 'commander';
import { serializeDocument } from '#core/document/serialize.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { startCluster } from '#workers/cluster/clusterClient.ts';
import type { ClusterReport } from '#workers/cluster/clusterRequest.ts';
import { choiceFrom, fromPath, weightsFoldersOf } from '../networks/importedNetwork.ts';
import { withNetworkOptions } from '../networks/network.ts';
import { networkFor, subfoldersFor, withParts } from '../networks/trainNetwork.ts';
import { wholeNumber } from '../options/parsers.ts';
import { withNormOptions, withRunOptions, type TrainOptions } from '../options/trainOptions.ts';
import { withPolicyOption } from '../options/fineTuneOptions.ts';
import { endProgressLine, print, printJson, progressLine } from '../output/output.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';

interface ClusterOptions extends TrainOptions {
  nodes: number;
  gpusPerNode: number;
  force?: true;
}

/** `normlab cluster`: a PyTorch project that trains a network on one machine or on many, as `normlab train` would. */
export function clusterCommand(): Command {
  return withNormOptions(withRunOptions(withPolicyOption(withNetworkOptions(new Command('cluster')))))
    .description('write a PyTorch project that trains a network by torchrun, SLURM or Kubernetes')
    .requiredOption('--out <folder>', 'the project folder to write')
    .option('--nodes <n>', 'machines that the scripts ask for', wholeNumber(1, 10_000), 1)
    .option('--gpus-per-node <n>', 'processes on each machine, one for each GPU', wholeNumber(1, 64), 4)
    .option('--force', 'replace a project folder of NormLab')
    .action(async (project: string | undefined, options: ClusterOptions) => {
      const report = await writeProject({ project, template: options.template }, options);
      if (options.json) printJson(report);
      else printReport(report);
    });
}

async function writeProject(
  named: { readonly project: string | undefined; readonly template: string | undefined },
  given: ClusterOptions,
): Promise<ClusterReport> {
  const from = fromPath(given.from, given.checkpoint);
  const choice = await choiceFrom(named, from);
  const { options } = withParts(given, await subfoldersFor(choice, given));
  if (options.data === undefined) throw new AppError('arguments', message('options.noData'));
  const handle = startCluster(
    {
      project: serializeDocument(await networkFor(choice, options)),
      train: resolve(options.data),
      validation: options.val === undefined ? null : resolve(options.val),
      labels: options.labels === undefined ? null : resolve(options.labels),
      splitFrom: options.splitFrom === undefined ? null : resolve(options.splitFrom),
      from,
      partial: options.partial === true,
      weightsFolders: [...weightsFoldersOf(named)],
      nodes: given.nodes,
      gpusPerNode: given.gpusPerNode,
      path: resolve(given.out),
      overwrite: given.force === true,
      cacheFolder: null,
    },
    ({ label, done, total }) =>
      progressLine(total === null ? inEnglish(label) : `${inEnglish(label)}: ${done} of ${total}`),
  );
  return cancelOnSignal(handle).finally(endProgressLine);
}

function printReport({ path, files, sizeBytes, command, ...facts }: ClusterReport): void {
  print(`${path}: ${files} files, ${sizeBytes} bytes`);
  print(
    `${facts.trainImages} images for training, ${facts.validationImages} for validation, ${facts.steps} steps with a global batch of ${facts.globalBatch}, ${facts.precision}`,
  );
  print(`start it in that folder: ${command}`);
}
