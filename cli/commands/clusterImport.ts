import { resolve } from 'node:path';
import { Command } from 'commander';
import { importRemote, type ImportedRun } from '#workers/runs/remote/importRemote.ts';
import { print, printJson } from '../output/output.ts';

/** `normlab cluster-import FOLDER --out RUN`: a run of this lab from a training elsewhere. */
export function clusterImportCommand(): Command {
  return new Command('cluster-import')
    .description('make a run folder from a training elsewhere: weights, BatchNorm statistics and curves')
    .argument('<folder>', 'the folder that the project’s train.py writes, or the one above its “output”')
    .requiredOption('--out <dir>', 'the run folder to make')
    .option('--force', 'replace an earlier import there')
    .option('--json', 'print one JSON object')
    .action(async (folder: string, { out, force, json }: ImportOptions) => {
      const made = await importRemote({ folder: resolve(folder), out, overwrite: force === true });
      if (json) printJson(made);
      else print(sentence(made));
    });
}

interface ImportOptions {
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
}

function sentence({ out, isSnapshot, epochs, step, batchesSeen, hasBest, events }: ImportedRun): string {
  const state = isSnapshot ? 'the training so far' : 'the finished training';
  const best = hasBest ? ', with the weights of its best epoch' : '';
  return `${out}: ${state}, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, step ${step}, ${batchesSeen} batches seen, ${events} events${best}`;
}
