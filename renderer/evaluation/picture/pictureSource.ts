import type { LabParams } from '#core/contract/labApi.ts';
import { LONGEST_NAME } from '#core/document/limits.ts';

/** Where a picture comes from, as the lab gets it. */
export type PictureSource = LabParams<'picture.show'>['picture'];

/** The lab takes at most 8 MiB of base64: so many bytes of an image file. */
export const LARGEST_PICTURE_BYTES = 6 * 1024 * 1024;

/** The bytes of an image file that only this page has; throws `RangeError` for one that the lab does not take. */
export async function sourceOfBytes(name: string, content: Blob): Promise<PictureSource> {
  if (content.size > LARGEST_PICTURE_BYTES) throw new RangeError('the picture is too large');
  const bytes = new Uint8Array(await content.arrayBuffer());
  return { kind: 'bytes', name: name.slice(0, LONGEST_NAME), base64: toBase64(bytes) };
}

/** Encodes in parts: `String.fromCharCode` takes a limited number of arguments. */
function toBase64(bytes: Uint8Array): string {
  const PART = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += PART)
    text += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(text);
}

/** Equal for two sources of the same picture. */
export function sourceKey(source: PictureSource): string {
  if (source.kind === 'file') return `file ${source.file}`;
  if (source.kind === 'bytes') return `bytes ${source.base64}`;
  return `evaluated ${source.key.runId} ${source.key.id} ${source.image}`;
}
