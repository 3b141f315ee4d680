import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { COMPARISON_FILE, type Comparison } from '#core/contract/policyComparison.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { RUN_POLICIES, type RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { runPolicySeries, type SeriesRun } from '#workers/training/policySeries.ts';
import { choiceFrom, fromPath, weightsFoldersOf } from '../networks/importedNetwork.ts';
import { withNetworkOptions, type NetworkChoice } from '../networks/network.ts';
import { networkFor, subfoldersFor, withParts } from '../networks/trainNetwork.ts';
import { withRunOptions, type TrainOptions } from '../options/trainOptions.ts';
import { endProgressLine, log, print, printJson } from '../output/output.ts';
import { policyTable } from '../output/policyTable.ts';
import { showProgress } from '../running/progress.ts';
import { stopOnSignal } from '../running/stopOnSignal.ts';

interface CompareOptions extends TrainOptions {
  readonly test?: string;
  readonly policies?: readonly RunPolicy[];
}

/** `normlab compare-bn`: the same training under each BatchNorm policy, and a table of the results. */
export function compareBnCommand(): Command {
  return withRunOptions(withNetworkOptions(new Command('compare-bn')))
    .description(
      'train once under each BatchNorm policy, with the same images, seed and initial head, and compare; Ctrl+C keeps what is done, the same command continues',
    )
    .option('--policies <list>', `which to compare: ${RUN_POLICIES.join(',')} (default: all)`, parsePolicies)
    .option('--test <dir>', 'test images, on which the best epoch of each run is evaluated too')
    .requiredOption('--out <folder>', `folder of the runs and of ${COMPARISON_FILE}`)
    .action(async (project: string | undefined, options: CompareOptions) => {
      const found = await compare({ project, template: options.template }, options);
      if (options.json) printJson(found);
      else printComparison(resolve(options.out), found);
    });
}

async function compare(named: NetworkChoice, given: CompareOptions): Promise<Comparison> {
  const from = fromPath(given.from, given.checkpoint);
  const choice = await choiceFrom(named, from);
  const { options, test } = withParts(given, await subfoldersFor(choice, given));
  if (options.data === undefined) throw new AppError('arguments', message('options.noData'));
  const place = (folder: string | null | undefined): string | null => (folder ? resolve(folder) : null);
  return runPolicySeries({
    document: await networkFor(choice, options),
    train: resolve(options.data),
    validation: place(options.val),
    labels: place(options.labels),
    splitFrom: place(options.splitFrom),
    test: place(given.test ?? test),
    from,
    policies: given.policies ?? RUN_POLICIES,
    partial: options.partial === true,
    weightsFolders: weightsFoldersOf(named),
    out: options.out,
    onRun: follow,
  });
}

/** Shows the progress of a run; a signal stops it, and the series with it. */
function follow({ policy, number, of, handle }: SeriesRun): void {
  log(`policy ${policy} (${number} of ${of})`);
  const release = stopOnSignal(handle);
  showProgress(handle);
  const end = (): void => {
    release();
    endProgressLine();
  };
  handle.done.then(end, end);
}

function printComparison(out: string, { rows, failures, verdict }: Comparison): void {
  print(policyTable(rows));
  for (const { policy, reason } of failures) print(`${policy} failed: ${inEnglish(reason)}`);
  print(`\n${inEnglish(verdict)}`);
  print(`runs and ${COMPARISON_FILE} are in ${out}`);
}

/** `frozen,adapt` as a list of policies, each once. */
function parsePolicies(text: string): readonly RunPolicy[] {
  const names = text.split(',').map((name) => name.trim());
  const found = RUN_POLICIES.filter((policy) => names.includes(policy));
  const unknown = names.find((name) => !found.some((policy) => policy === name));
  if (unknown === undefined && found.length === names.length) return found;
  const twice = names.find((name, index) => names.indexOf(name) < index) ?? '';
  const said =
    unknown === undefined
      ? message('policies.policyTwice', { policy: twice })
      : message('policies.unknownPolicy', { given: unknown, known: [...RUN_POLICIES] });
  throw new InvalidArgumentError(inEnglish(said));
}
