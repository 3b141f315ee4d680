import { createHash } from 'node:crypto';
import {
  BUNDLE_MANIFEST,
  bundleManifestSchema,
  UNSEALED,
  type BundleManifest,
} from '#core/export/bundle/bundleManifest.ts';
import { encodeUtf8 } from '#core/export/utf8.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import type { BundleReading } from './bundleReading.ts';
import type { Samples } from './samples.ts';

/** Size and SHA-256 of a file, as a manifest holds them. */
export function describeBytes(bytes: Uint8Array): BundleManifest['files'][string] {
  return { bytes: bytes.length, sha256: digestOf(bytes) };
}

/** The text of a manifest with its own digest, without which a changed byte could pass for another description. */
export function sealManifest(manifest: BundleManifest): string {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return withDigest(text, UNSEALED, digestOf(encodeUtf8(text)));
}

function requireSealed(text: string, { sha256 }: BundleManifest): void {
  if (digestOf(encodeUtf8(withDigest(text, sha256, UNSEALED))) !== sha256)
    throw new Error(`${BUNDLE_MANIFEST} was changed`);
}

/** The digest is the last value of the text; a name may look like it. */
function withDigest(text: string, old: string, next: string): string {
  const at = text.lastIndexOf(`"${old}"`) + 1;
  return text.slice(0, at) + next + text.slice(at + old.length);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads the manifest of a folder and compares every file with its size and SHA-256. Throws an `Error` for a manifest
 * that is not valid, a file that differs or is missing, and one that the manifest does not list.
 */
export async function checkManifest(folder: BundleReading): Promise<BundleManifest> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await folder.read(BUNDLE_MANIFEST));
  const manifest = bundleManifestSchema.parse(JSON.parse(text));
  requireSealed(text, manifest);
  const listed = [...Object.keys(manifest.files), BUNDLE_MANIFEST].sort();
  if (listed.join('/') !== [...folder.names].sort().join('/'))
    throw new Error(
      `the folder holds ${folder.names.join(', ')}, and its manifest lists ${listed.join(', ')}`,
    );
  for (const [name, expected] of Object.entries(manifest.files)) {
    const found = describeBytes(await folder.read(name));
    if (found.bytes !== expected.bytes || found.sha256 !== expected.sha256)
      throw new Error(`${name} is not the file that the manifest describes`);
  }
  return manifest;
}

/**
 * Compares the golden images with the first of `samples`, and the golden logits with those that a reader computed from
 * the folder, `[N, K]`. Throws an `Error` beyond the tolerance of the manifest.
 */
export async function checkGolden(
  folder: BundleReading,
  { golden }: BundleManifest,
  samples: Samples,
  read: Float64Array,
): Promise<void> {
  const bytes = await folder.read(golden.file);
  const file = readSafetensorsFile({
    name: golden.file,
    bytes,
    beside: () => null,
    names: () => folder.names,
  });
  const tensors = new Map(file.tensors.map((tensor) => [tensor.name, tensor.read()]));
  const images = tensors.get('images') ?? new Float32Array();
  const logits = tensors.get('logits') ?? new Float32Array();
  const perSample = samples.height * samples.width * samples.channels;
  if (images.length !== golden.count * perSample || images.some((byte, at) => byte !== samples.bytes[at]))
    throw new Error('the golden images are not those that were compared');
  const width = read.length / samples.count;
  const isNear = (logit: number, at: number): boolean =>
    Math.abs(logit - (read[at] ?? NaN)) <= golden.tolerance;
  if (logits.length !== golden.count * width || !logits.every(isNear))
    throw new Error('the golden logits are not those of the files');
}
