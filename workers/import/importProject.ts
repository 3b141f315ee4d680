import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { ImportReport } from '#core/contract/importReport.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { copyDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { StartWeights } from '#core/document/start.ts';
import { listSome } from '#core/graph/listSome.ts';
import { findLogitsParam } from '#core/graph/logits.ts';
import { importModel, type ImportedModel } from '#core/import/importModel.ts';
import { slotsWithout } from '#core/import/matchReport.ts';
import { message } from '#core/words/message.ts';
import { sweepTemporaries, temporaryName } from '../files/temporaryFiles.ts';
import { storedWeightsName } from './locateStart.ts';
import { readModel } from './readModel.ts';
import { sourceName } from './runWeights.ts';
import { writeWeights } from './writeWeights.ts';

export interface ImportRequest {
  /** Path of a model file, project or run folder. */
  readonly from: string;
  /** Name of a built-in network; null: recognized. */
  readonly architecture: string | null;
  /** True: the user has agreed that blocks outside the head without a fitting tensor are initialized. */
  readonly partial: boolean;
  /** The lab's folder of starting weights. */
  readonly weightsFolder: string;
  readonly signal?: AbortSignal | undefined;
  /** See `ReadOptions.onFile`. */
  readonly onFile?: ((name: string) => void) | undefined;
}

/** Where the weights of an imported project are written. */
export type WeightsTarget =
  | { readonly kind: 'file'; readonly file: string; readonly overwrite: boolean }
  /** The lab's folder, under the SHA-256 of the content; unfinished in the new folder `scratch`, if one is given. */
  | { readonly kind: 'store'; readonly scratch?: string | undefined };

/** Reads a model and reports what it holds; writes nothing. Throws as `readModel` and `importModel` do. */
export async function inspectModel(request: ImportRequest): Promise<ImportReport> {
  return reportOf(request.from, await readImported(request));
}

/**
 * Reads a model and returns it as a project that starts from its weights, which are written to `target`. Throws
 * `AppError`: 'weights-mismatch' when blocks outside the head have no fitting tensor and `partial` is off, and as
 * `readModel`, `importModel` and `writeWeights` do.
 */
export async function importProject(
  request: ImportRequest,
  target: WeightsTarget,
): Promise<{ readonly document: GraphDocument; readonly report: ImportReport }> {
  const { from, partial } = request;
  const imported = await readImported(request);
  if (!partial) refuseHoles(from, imported);
  const source = sourceName(from);
  const weights = await writeTo(target, request, imported);
  const { classNames } = imported;
  const start: StartWeights = {
    ...weights,
    source,
    ...(classNames === null ? {} : { classNames: [...classNames] }),
    ...(partial ? { partial } : {}),
  };
  const document = { ...copyDocument(imported.document), name: nameOf(source, imported), start };
  return { document, report: reportOf(from, imported) };
}

async function readImported({
  from,
  architecture,
  weightsFolder,
  onFile,
}: ImportRequest): Promise<ImportedModel> {
  const model = await readModel(from, { weightsFolder, onFile });
  return importModel(model, {
    file: path.basename(from),
    ...(architecture === null ? {} : { architecture }),
  });
}

/** Slots without a value. The head may have none: a folder's classes replace it in any case. */
function holesOf({ document, report }: ImportedModel): readonly string[] {
  const head = findLogitsParam(document.graph)?.nodeId;
  return slotsWithout(report).filter((slot) => slot.split('.')[0] !== head);
}

function refuseHoles(from: string, imported: ImportedModel): void {
  const { report } = imported;
  const holes = holesOf(imported);
  if (holes.length === 0) return;
  const values = { file: path.basename(from), count: holes.length, slots: report.slots };
  throw new AppError(
    'weights-mismatch',
    message('importing.doNotFit', { ...values, names: listSome(holes) }),
    { where: from },
  );
}

async function writeTo(
  target: WeightsTarget,
  { weightsFolder, signal }: ImportRequest,
  { values }: ImportedModel,
): Promise<Pick<StartWeights, 'file' | 'sha256'>> {
  const rest = { values, metadata: {}, ...(signal === undefined ? {} : { signal }) };
  if (target.kind === 'file') {
    const { file, overwrite } = target;
    const { sha256 } = await writeWeights({ ...rest, file, overwrite });
    return { file: path.basename(file), sha256 };
  }
  const unnamed = await unnamedIn(weightsFolder, target.scratch);
  const { sha256 } = await writeWeights({ ...rest, file: unnamed, overwrite: false });
  const file = storedWeightsName(sha256);
  await rename(unnamed, path.join(weightsFolder, file));
  return { file, sha256 };
}

async function unnamedIn(weightsFolder: string, scratch: string | undefined): Promise<string> {
  const name = 'weights.safetensors';
  await sweepTemporaries(weightsFolder);
  if (scratch === undefined) return temporaryName(path.join(weightsFolder, name));
  await mkdir(scratch);
  return path.join(scratch, name);
}

/** `resnet18.pth` becomes `resnet18`; a project keeps its own name. */
function nameOf(source: string, { document, format }: ImportedModel): string {
  if (format === 'normlab') return document.name;
  const [plain = ''] = source.split('.');
  return plain === '' ? document.name : plain.slice(0, 120);
}

function reportOf(from: string, imported: ImportedModel): ImportReport {
  const { format, architecture, naming, document, report, classNames, graph, notes } = imported;
  const { resize, cropFraction, normalization, channelOrder } = document.data;
  return {
    ...{ source: sourceName(from), format, architecture, naming },
    matched: report.matched,
    slots: report.slots,
    missing: [...report.missing],
    unexpected: [...report.unexpected],
    wrongShape: report.wrongShape.map(({ slot, tensor, found, wanted }) => ({
      ...{ slot, tensor },
      ...{ found: [...found], wanted: [...wanted] },
    })),
    transposed: [...report.transposed],
    classNames: classNames === null ? null : [...classNames],
    outputs: graph.logitCount,
    inputShape: [...graph.inputShape],
    holes: [...holesOf(imported)],
    preprocessing: { resize, cropFraction, normalization, channelOrder },
    notes: [...notes],
  };
}
