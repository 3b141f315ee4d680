import { message, type Message } from '#core/words/message.ts';
/**
 * Limits on images, in one place. They are checked against the header before anything is decoded, so that neither a
 * false header nor a decompression bomb can exhaust the memory.
 */
export const IMAGE_LIMITS = {
  /** Width x height of the stored image; 100 megapixels are 300 MB as RGB. */
  maxPixels: 100_000_000,
  /** Bytes of the file. */
  maxFileBytes: 512 * 1024 * 1024,
  /** Files up to this size are read completely by a scan, checked to their end and compared by content. */
  wholeReadBytes: 1024 * 1024,
  /** Of larger files a scan reads this many bytes from the front, and `tailBytes` from the end. */
  headBytes: 256 * 1024,
  tailBytes: 16 * 1024,
  /** Timeout of decoding; an image that takes longer is skipped. */
  decodeTimeoutMs: 60_000,
} as const;

/** Why a file of this size is not read, or null when it is within the limit. */
export function fileSizeProblem(sizeBytes: number): Message | null {
  if (sizeBytes === 0) return message('images.empty');
  if (sizeBytes <= IMAGE_LIMITS.maxFileBytes) return null;
  const megabytes = Math.round(sizeBytes / 2 ** 20);
  return message('images.fileTooLarge', { megabytes, limit: IMAGE_LIMITS.maxFileBytes / 2 ** 20 });
}

/** Why an image of this stored size is not decoded, or null when it is within the limits. */
export function imageSizeProblem(width: number, height: number): Message | null {
  if (width < 1 || height < 1) return message('images.noPixels', { width, height });
  if (width * height <= IMAGE_LIMITS.maxPixels) return null;
  const limit = IMAGE_LIMITS.maxPixels / 1e6;
  const megapixels = Math.round((width * height) / 1e6);
  return message('images.tooManyPixels', { width, height, megapixels, limit });
}
