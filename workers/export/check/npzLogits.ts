import { z } from 'zod';
import type { Backend } from '#core/backend/backend.ts';
import type { ForeignWeights } from '#core/import/foreignModel.ts';
import { readNpzFile } from '#core/import/npz/readNpzFile.ts';
import type { EachPiece } from '../../export/check/backendLogits.ts';
import type { BundleReading } from '../../export/check/bundleReading.ts';
import type { Samples } from '../../export/check/samples.ts';
import { weightsLogits } from '../../export/check/weightsLogits.ts';

const metadataSchema = z.record(z.string(), z.unknown());

/**
 * Logits `[N, logitCount]` of a network rebuilt from a folder for NumPy: values from weights.npz by the importer, which
 * knows only the format, and graph and preprocessing from metadata.json. Throws where the names of the classes differ
 * in the two files, and as `weightsLogits`.
 */
export async function npzLogits(
  folder: BundleReading,
  samples: Samples,
  each: EachPiece,
  backend: Backend,
): Promise<Float64Array> {
  const bytes = await folder.read('weights.npz');
  const file = readNpzFile({ name: 'weights.npz', bytes, beside: () => null, names: () => folder.names });
  const metadata = asTexts(await folder.read('metadata.json'));
  if (metadata['normlab.class_names'] !== JSON.stringify(file.classNames ?? []))
    throw new Error('the names of the classes differ in the two files');
  const prefix = removedPrefix(file);
  const tensors = new Map(
    file.tensors.map(
      (tensor) => [prefix + tensor.name, { shape: tensor.dims, values: tensor.read() }] as const,
    ),
  );
  await each(0);
  return weightsLogits({ metadata, tensors }, samples, each, backend);
}

/** The importer takes `model.` for a wrapper where all names begin with it; here it is the id of the only block. */
function removedPrefix({ notes }: ForeignWeights): string {
  const removed = notes.find(({ key }) => key === 'weightFiles.prefixRemoved')?.values?.['prefix'];
  return typeof removed === 'string' ? removed : '';
}

/** The metadata as the texts that other formats hold. */
function asTexts(bytes: Uint8Array): Record<string, string> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const parsed = metadataSchema.parse(JSON.parse(text));
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
