import { Command, CommanderError } from 'commander';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { exitCodeFor } from '#core/diagnostics/codes.ts';
import { visibleLines } from '#core/diagnostics/visibleText.ts';
import { NORMLAB_VERSION } from '#workers/files/version.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { benchCommand } from './commands/bench.ts';
import { checkCommand } from './commands/check.ts';
import { clusterImportCommand } from './commands/clusterImport.ts';
import { compareBnCommand } from './commands/compareBn.ts';
import { compareEvalCommand } from './commands/compareEval.ts';
import { diffCommand } from './commands/diff.ts';
import { evalCommand } from './commands/eval.ts';
import { exportCommand } from './commands/export.ts';
import { foldCommand } from './commands/fold.ts';
import { followCommand } from './commands/follow.ts';
import { importCommand } from './commands/import.ts';
import { inspectCommand } from './commands/inspect.ts';
import { lookCommand } from './commands/look.ts';
import { modelsCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { recalibrateCommand } from './commands/recalibrate.ts';
import { serveCommand } from './commands/serve.ts';
import { templatesCommand } from './commands/templates.ts';
import { clusterCommand } from './commands/cluster.ts';
import { trainCommand } from './commands/train.ts';
import { log, logError, watchOutput } from './output/output.ts';

const COMMANDS = [
  templatesCommand,
  checkCommand,
  inspectCommand,
  trainCommand,
  clusterCommand,
  compareBnCommand,
  compareEvalCommand,
  evalCommand,
  predictCommand,
  lookCommand,
  recalibrateCommand,
  exportCommand,
  foldCommand,
  importCommand,
  followCommand,
  clusterImportCommand,
  modelsCommand,
  diffCommand,
  benchCommand,
  serveCommand,
];

/** Runs the command line and returns the exit status that README.md lists. */
async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('normlab')
    .description('Build, train and export neural networks on image folders, exact about batch normalization.')
    .version(NORMLAB_VERSION)
    .showHelpAfterError('(normlab --help, or normlab COMMAND --help, shows what can be given)');
  for (const make of COMMANDS) program.addCommand(make());
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeErr: (text) => process.stderr.write(visibleLines(text)) });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (thrown) {
    return statusOf(thrown);
  }
}

function statusOf(thrown: unknown): number {
  // Commander has already printed the message; help and version are no errors.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const error = toErrorData(thrown);
  if (error.code === 'interrupted') log(inEnglish(error.message));
  else logError(error);
  return exitCodeFor(thrown instanceof AppError ? thrown.code : 'internal');
}

// This process may run behind the launcher of an older Node. Killing the launcher must end this process too: a trainer
// left running would write into a run that is resumed meanwhile.
if (process.env.NORMLAB_LAUNCHED === '1') {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

watchOutput();
process.exitCode = await main(process.argv.slice(2));
