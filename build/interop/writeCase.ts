import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { foldModel } from '#core/export/fold.ts';
import { EXPORT_FORMATS, formatOf, isFolderFormat, type ExportFormat } from '#core/export/formats.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { backendLogits } from '#workers/export/check/backendLogits.ts';
import { samplesFor, type Samples } from '#workers/export/check/samples.ts';
import { placeExport } from '#workers/export/placeExport.ts';
import { writeVerified } from '#workers/export/writeVerified.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { refusalsOf } from './refusals.ts';

/** Images of each case, and how many of them the float64 reference computes too. */
export const IMAGES = 100;
const EXACT_IMAGES = 4;
const VARIANTS = { plain: false, folded: true } as const;

/** How a format refused the network of a case. */
interface Refusal {
  readonly code: string;
  readonly text: string;
  /** What the refusal left in the folder of the export: nothing. */
  readonly left: readonly string[];
}

/**
 * Writes a case into `folder`: the exports of `model`, plain and folded, or how they were refused; `images`; their
 * logits by the lab in float32, and of the first ones in float64; and every tensor as the model has it.
 */
export async function writeCase(
  folder: string,
  model: TrainedModel,
  images: Uint8Array,
  formats: readonly ExportFormat[] = EXPORT_FORMATS,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const samples = samplesFor(model, images);
  const perImage = images.length / samples.count;
  const exact = samplesFor(model, images.subarray(0, EXACT_IMAGES * perImage));
  const written: ExportFormat[] = [];
  const refused: Partial<Record<ExportFormat, Refusal>> = {};
  for (const format of formats) {
    if (refusalsOf(format, model.graph).length === 0) {
      for (const variant of ['plain', 'folded'] as const)
        await exportTo(folder, { model, format, variant, samples: exact.bytes });
      written.push(format);
    } else refused[format] = await refusalOf(folder, model, format, exact);
  }
  writeFileSync(join(folder, 'images.u8'), samples.bytes);
  const logits = await backendLogits(chooseBackend().backend, model, samples);
  writeFileSync(join(folder, 'logits.f32'), Float32Array.from(logits));
  writeFileSync(join(folder, 'logits.f64'), await backendLogits(referenceBackend, model, exact));
  const described = describeCase(model, samples.count);
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ ...described, written, refused }, null, 2));
  writeFileSync(join(folder, 'plain.f32'), valuesOf(model));
  writeFileSync(join(folder, 'folded.f32'), valuesOf(foldModel(model).model));
}

interface Export {
  readonly model: TrainedModel;
  readonly format: ExportFormat;
  readonly variant: keyof typeof VARIANTS;
  readonly samples: Uint8Array;
}

/** Exports as the lab does: verified under a temporary name, then renamed. */
async function exportTo(folder: string, { variant, ...asked }: Export): Promise<void> {
  const ending = isFolderFormat(asked.format) ? `.${asked.format}` : formatOf(asked.format).ending;
  const path = join(folder, `${variant}${ending}`);
  const request = { ...asked, path, foldBatchNorm: VARIANTS[variant] };
  await placeExport({ ...request, overwrite: false }, (temporary) => writeVerified(request, temporary));
}

async function refusalOf(
  folder: string,
  model: TrainedModel,
  format: ExportFormat,
  { bytes }: Samples,
): Promise<Refusal> {
  const place = join(folder, `refused-${format}`);
  mkdirSync(place);
  try {
    await exportTo(place, { model, format, variant: 'plain', samples: bytes });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, text: inEnglish(error.said), left: readdirSync(place) };
  }
  return { code: 'none', text: 'it was written', left: readdirSync(place) };
}

function describeCase(model: TrainedModel, count: number): object {
  const { preprocessing, classNames, graph, provenance } = model;
  const { height, width, channels, mean, deviation } = preprocessing;
  return {
    ...{ count, exact: EXACT_IMAGES, height, width, channels, mean, deviation, classNames },
    ...{ classes: graph.classes, batchesSeen: provenance.batchesSeen, projectName: model.document.name },
    tensors: { plain: tensorsOf(model), folded: tensorsOf(foldModel(model).model) },
  };
}

/** Name -> [numpy type, shape], written independently of the exporter. */
function tensorsOf({ layout }: TrainedModel): Record<string, [string, readonly number[]]> {
  const suffix = { weights: 'weight', gamma: 'weight', bias: 'bias', beta: 'bias' } as const;
  const statistic = { mean: 'running_mean', variance: 'running_var' } as const;
  const tensors: Record<string, [string, readonly number[]]> = {};
  for (const { node, field, dims } of layout.parameters)
    tensors[`${node}.${suffix[field]}`] = ['float32', dims];
  for (const { node, field, dims } of layout.statistics) {
    tensors[`${node}.${statistic[field]}`] = ['float32', dims];
    tensors[`${node}.num_batches_tracked`] = ['int64', []];
  }
  return tensors;
}

/** The values of all float32 tensors of `tensorsOf`, in its order. */
function valuesOf({ layout, state }: TrainedModel): Float32Array {
  const slots = [...layout.parameters, ...layout.statistics];
  return Float32Array.from(slots.flatMap(({ offset, size }) => [...state.subarray(offset, offset + size)]));
}
