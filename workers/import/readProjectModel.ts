import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { ForeignNetwork, ModelFile } from '#core/import/foreignModel.ts';
import { matchTensors, ownNaming } from '#core/import/matchTensors.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import { slotsOf } from '#core/import/slots.ts';
import { message } from '#core/words/message.ts';
import { locateStart } from './locateStart.ts';
import { openModelFile } from './modelFile.ts';

/**
 * The network of a project with its starting weights; null for a file that is no project. Throws `AppError`: the
 * parser's error, and 'model-invalid' for a project without starting weights or whose weights are not in `folders`.
 */
export async function readProjectModel(
  file: ModelFile,
  folders: readonly string[],
): Promise<ForeignNetwork | null> {
  if (!file.name.endsWith(PROJECT_EXTENSION)) return null;
  const parsed = parseDocument(new TextDecoder().decode(file.bytes));
  if (!parsed.ok) throw fromErrorData({ ...parsed.error, where: file.name });
  const { document } = parsed;
  if (document.start === undefined)
    throw new AppError('model-invalid', message('importing.projectWithoutWeights', { file: file.name }), {
      where: file.name,
    });
  const weights = readSafetensorsFile(openModelFile(await locateStart(document.start, folders)));
  const { graph } = checkGraph(document.graph, document.training, { hasTrainedStart: true });
  const slots = graph === null ? [] : slotsOf(graph, document.training);
  const { values, report } = matchTensors(weights.tensors, slots, ownNaming(slots));
  return {
    kind: 'network',
    format: 'normlab',
    document,
    values,
    unexpected: report.unexpected,
    classNames: document.start.classNames ?? null,
    notes: [],
  };
}
