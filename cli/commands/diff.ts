import { Command } from 'commander';
import { compareModels, type ModelComparison } from '#core/compare/compareModels.ts';
import { isEqual, largestDifference, verdictOf } from '#core/compare/verdict.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { openForCompare, type OpenedModel } from '#workers/import/openForCompare.ts';
import { modelsFolders } from '#workers/models/modelsFolder.ts';
import { resolveModel } from '#workers/models/resolveModel.ts';
import { comparisonTables } from '../output/comparisonWords.ts';
import { print, printJson } from '../output/output.ts';

interface DiffOptions {
  all?: true;
  json?: true;
}

/** `normlab diff A B`: what differs between two models, BatchNorm first. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('compare two models: BatchNorm settings and statistics, every tensor, the blocks')
    .argument('<a>', 'a run, a project, a model file, or a name of `normlab models list`')
    .argument('<b>', 'the other one')
    .option('--all', 'list what is equal too')
    .option('--json', 'print one JSON object')
    .action(async (givenA: string, givenB: string, options: DiffOptions) => {
      const home = openLabHome();
      const open = (given: string): Promise<OpenedModel> =>
        openForCompare(resolveModel(given, modelsFolders(home)), { weightsFolder: home.weights });
      const [a, b] = [await open(givenA), await open(givenB)];
      const comparison = compareModels(a.model, b.model);
      if (options.json) printJson(jsonOf(a, b, comparison));
      else printComparison(a, b, comparison, options.all === true);
    });
}

function jsonOf(a: OpenedModel, b: OpenedModel, comparison: ModelComparison): object {
  return {
    ...{ a: sideOf(a), b: sideOf(b), equal: isEqual(comparison), verdict: verdictOf(comparison) },
    largest: largestDifference(comparison),
    ...comparison,
  };
}

function sideOf({ name, format, architecture, notes }: OpenedModel): object {
  return { name, format, architecture, notes };
}

function printComparison(a: OpenedModel, b: OpenedModel, comparison: ModelComparison, isAll: boolean): void {
  print(`A: ${sourceWords(a)}\nB: ${sourceWords(b)}`);
  const notes = [...a.notes, ...b.notes, ...pairingNotes(comparison)];
  for (const note of notes) print(visibleText(`note: ${inEnglish(note)}`));
  for (const text of comparisonTables(comparison, isAll)) print(`\n${text}`);
  print(`\n${visibleText(inEnglish(verdictOf(comparison)))}`);
}

function sourceWords({ name, format, architecture }: OpenedModel): string {
  return visibleText(`${name} (${architecture ?? format})`);
}

function pairingNotes({ alignment, pairedByOrder }: ModelComparison): Message[] {
  if (alignment === 'names') return [message('comparing.byNames')];
  if (alignment === 'order') return [message('comparing.byOrder')];
  return pairedByOrder === 0 ? [] : [message('comparing.someByOrder', { count: pairedByOrder })];
}
