import { GOLDEN_FILE } from '#core/export/bundle/bundleFiles.ts';
import { BUNDLE_MANIFEST, bundleManifest, type BundleManifest } from '#core/export/bundle/bundleManifest.ts';
import { lintModel } from '#core/export/exportLint.ts';
import { formatDifferences } from '#core/export/formatDifferences.ts';
import type { FolderFormatName } from '#core/export/formats.ts';
import { encodeSafetensors } from '#core/export/safetensors.ts';
import { encodeUtf8 } from '#core/export/utf8.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { writeFiles } from '../files/folderInPlace.ts';
import { readBundleFolder } from './check/bundleReading.ts';
import { checkGolden, checkManifest, describeBytes, sealManifest } from './check/checkManifest.ts';
import { FOLDER_CODECS } from './check/codecs.ts';
import type { Agreement } from './check/compare.ts';
import { sha256Of } from './check/digest.ts';
import type { Samples } from './check/samples.ts';
import { asWritten, compareWritten, type Compared } from './compareWritten.ts';
import type { ExportRequest, Written } from './exportRequest.ts';

/** Images with their outputs in a bundle: enough for a check, and small beside the weights. */
const MOST_GOLDEN = 8;

/**
 * Writes the files of a bundle into the existing folder `temporary`, reads them back and compares their logits on all
 * samples; then adds the golden outputs and, as the last file, the manifest with the SHA-256 of each file, and checks
 * both from the disk. Throws `AppError` as `writeVerified`, and Node's errors of writing.
 */
export async function writeBundle(
  request: ExportRequest<FolderFormatName>,
  temporary: string,
  samples: Samples,
): Promise<Written> {
  const { model, format, pace } = request;
  const written = await FOLDER_CODECS[format].write(model, request);
  await pace?.settle();
  await writeFiles(temporary, written.files);
  const { own, read, agreement } = await compareFolder(temporary, request, samples);
  const golden = goldenOf(samples, own);
  await writeFiles(temporary, new Map([[GOLDEN_FILE, golden.bytes]]));
  const files = new Map([...written.files, [GOLDEN_FILE, golden.bytes]]);
  const manifest = bundleManifest(written.metadata, {
    target: format,
    modules: written.modules,
    golden: {
      ...{ file: GOLDEN_FILE, count: golden.count, noise: samples.generated },
      tolerance: agreement.tolerance,
    },
    differences: formatDifferences(model.document, format, request).map((note) => inEnglish(note)),
    findings: lintModel(model).map(({ code, severity, node, message: said }) => ({
      ...{ code, severity, node, message: inEnglish(said) },
    })),
    files: await describeFiles(files, request),
    dataSha256: request.dataSha256 ?? null,
  });
  const text = encodeUtf8(sealManifest(manifest));
  await writeFiles(temporary, new Map([[BUNDLE_MANIFEST, text]]));
  request.onProgress?.(message('work.readingBack'), 0, null);
  await checkFolder(temporary, request, samples, read);
  const sizeBytes = [...files.values(), text].reduce((sum, bytes) => sum + bytes.length, 0);
  return { agreement, sizeBytes, sha256: await sha256Of(text, pace) };
}

/**
 * Verifies a whole bundle on the disk: the SHA-256 of each file, the logits of `samples` by the independent reader
 * against the backend's own, and the golden outputs. Throws `AppError('export-differs')`.
 */
export async function verifyBundle(
  folder: string,
  request: Compared & { readonly format: FolderFormatName },
  samples: Samples,
): Promise<Agreement> {
  const { read, agreement } = await compareFolder(folder, request, samples);
  await checkFolder(folder, request, samples, read);
  return agreement;
}

function compareFolder(
  folder: string,
  request: Compared & { readonly format: FolderFormatName },
  samples: Samples,
): ReturnType<typeof compareWritten> {
  const { readLogits } = FOLDER_CODECS[request.format];
  return compareWritten(request, samples, async (each, backend) =>
    readLogits(await readBundleFolder(folder), samples, each, backend),
  );
}

function checkFolder(
  folder: string,
  { path }: Compared,
  samples: Samples,
  read: Float64Array,
): Promise<BundleManifest> {
  return asWritten(path, async () => {
    const reading = await readBundleFolder(folder);
    const manifest = await checkManifest(reading);
    await checkGolden(reading, manifest, samples, read);
    return manifest;
  });
}

/** The first samples and their logits as a safetensors file. */
function goldenOf(
  { count: available, bytes, height, width, channels }: Samples,
  logits: Float64Array,
): { readonly count: number; readonly bytes: Uint8Array<ArrayBuffer> } {
  const count = Math.min(MOST_GOLDEN, available);
  const images = bytes.slice(0, count * height * width * channels);
  const perSample = logits.length / available;
  const values = Float32Array.from(logits.subarray(0, count * perSample));
  const tensors = [
    { name: 'images', dtype: 'U8', shape: [count, height, width, channels], data: images },
    { name: 'logits', dtype: 'F32', shape: [count, perSample], data: values },
  ] as const;
  return { count, bytes: encodeSafetensors(tensors, {}, { finiteOnly: true }) };
}

async function describeFiles(
  files: ReadonlyMap<string, Uint8Array>,
  { pace }: ExportRequest,
): Promise<BundleManifest['files']> {
  const described: Record<string, BundleManifest['files'][string]> = {};
  for (const [name, bytes] of files) {
    described[name] = describeBytes(bytes);
    await pace?.settle();
  }
  return described;
}
