import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { ForeignNetwork, ModelFile, SlotValue } from '#core/import/foreignModel.ts';
import { matchTensors, ownNaming } from '#core/import/matchTensors.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import { slotsOf } from '#core/import/slots.ts';
import { message } from '#core/words/message.ts';
import { locateStart } from './locateStart.ts';
import { openModelFile } from './modelFile.ts';

/**
 * The network of a project with its starting weights; null for a file that is no project. Throws as `readProjectText`
 * does, and 'model-invalid' for a project without starting weights, unless `canLackWeights`.
 */
export async function readProjectModel(
  file: ModelFile,
  folders: readonly string[],
  canLackWeights: boolean,
): Promise<ForeignNetwork | null> {
  if (!file.name.endsWith(PROJECT_EXTENSION)) return null;
  const network = await readProjectText(new TextDecoder().decode(file.bytes), file.name, folders);
  if (network.document.start !== undefined || canLackWeights) return network;
  throw new AppError('model-invalid', message('importing.projectWithoutWeights', { file: file.name }), {
    where: file.name,
  });
}

/**
 * The network of a project's text with its starting weights, or without values where it has none; `name` is that of
 * the project in messages. Throws `AppError`: the parser's error, and 'model-invalid' for weights that are not in
 * `folders`.
 */
export async function readProjectText(
  text: string,
  name: string,
  folders: readonly string[],
): Promise<ForeignNetwork> {
  const parsed = parseDocument(text);
  if (!parsed.ok) throw fromErrorData({ ...parsed.error, where: name });
  const { document } = parsed;
  const format = 'normlab' as const;
  if (document.start === undefined) {
    const empty = { values: new Map<string, SlotValue>(), unexpected: [], classNames: null, notes: [] };
    return { kind: 'network', format, document, ...empty };
  }
  const weights = readSafetensorsFile(openModelFile(await locateStart(document.start, folders)));
  const { graph } = checkGraph(document.graph, document.training, { hasTrainedStart: true });
  const slots = graph === null ? [] : slotsOf(graph, document.training);
  const { values, report } = matchTensors(weights.tensors, slots, ownNaming(slots));
  return {
    kind: 'network',
    format,
    document,
    values,
    unexpected: report.unexpected,
    classNames: document.start.classNames ?? null,
    notes: [],
  };
}
