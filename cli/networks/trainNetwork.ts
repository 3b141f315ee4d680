import { resolve } from 'node:path';
import { inEnglish } from '#core/words/catalogues.ts';
import type { SubfolderReading } from '#core/document/dataSettings.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { partsNote, resolveParts } from '#workers/data/parts/resolveParts.ts';
import { scanFolder } from '#workers/data/scan/scanFolder.ts';
import { withFineTuning } from '../options/fineTuneOptions.ts';
import { subfoldersOf } from '../options/folderOptions.ts';
import { log } from '../output/output.ts';
import { overrulePreprocessing } from '../options/preprocessingOptions.ts';
import { overrule, overruleData, withNorm, type TrainOptions } from '../options/trainOptions.ts';
import { loadNetwork, type InputShape, type NetworkChoice } from './network.ts';

/** The network adapted to the images: their classes, their channels, and the requested size. */
export async function networkFor(choice: NetworkChoice, options: TrainOptions): Promise<GraphDocument> {
  const data = overruleData((await loadNetwork(choice, {})).data, options);
  const scan = await scanFolder(resolve(options.data ?? ''), {
    labels: options.labels === undefined ? null : resolve(options.labels),
    columns: data.table,
    subfolders: data.subfolders,
  });
  // A single class is a fault of the folder, and the trainer reports it; adapting the network first would blame the
  // network.
  const classes = scan.classes.length > 1 ? { classes: scan.classes.length } : {};
  const plain = await loadNetwork(choice, classes);
  const inputShape = fittingShape(
    plain,
    options,
    choice.template === undefined ? null : (scan.input?.channels ?? null),
  );
  const document = await loadNetwork(choice, { ...classes, inputShape });
  return {
    ...document,
    graph: withFineTuning(withNorm(document.graph, options), options),
    training: overrule(document.training, options),
    data: overrulePreprocessing(data, options, inputShape[0]),
  };
}

/** The meaning of subfolders, by the options or by the project. */
export async function subfoldersFor(choice: NetworkChoice, options: TrainOptions): Promise<SubfolderReading> {
  if (choice.project === undefined || options.data === undefined) return subfoldersOf(options);
  return overruleData((await loadNetwork(choice, {})).data, options).subfolders;
}

/**
 * A folder that holds a data set in parts is split into them, unless the options name the source of validation. `test`:
 * a test part that is not used for validation; null where there is none.
 */
export function withParts(
  options: TrainOptions,
  subfolders: SubfolderReading,
): { readonly options: TrainOptions; readonly test: string | null } {
  if (options.data === undefined) return { options, test: null };
  const parts = resolveParts(resolve(options.data), subfolders);
  if (parts.found === null) return { options, test: null };
  const ownSplit =
    options.val !== undefined ||
    options.valSplit !== undefined ||
    options.folds !== undefined ||
    options.splitFrom !== undefined;
  const val = ownSplit ? null : (parts.validation ?? parts.test);
  log(`note: ${inEnglish(partsNote(parts.found))}`);
  log(`training on ${parts.train}${val === null ? '' : `, validating on ${val}`}`);
  const test = val === parts.test ? null : parts.test;
  return { options: { ...options, data: parts.train, ...(val === null ? {} : { val }) }, test };
}

function fittingShape(document: GraphDocument, { size }: TrainOptions, channels: number | null): InputShape {
  const input = Object.values(document.graph.nodes).find(({ kind }) => kind === 'input');
  const given = (name: string): number => Number(input?.params[name] ?? 0);
  return [channels ?? given('channels'), size?.height ?? given('height'), size?.width ?? given('width')];
}
