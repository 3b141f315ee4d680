import { z } from 'zod';
import { AppError } from '../diagnostics/appError.ts';
import { message, type Message } from '../words/message.ts';
import { findDuplicateKey } from './duplicateKeys.ts';
import { decodeUtf8 } from './utf8.ts';

/** Bytes per element of each type that NormLab reads and writes. */
export const SAFETENSORS_DTYPES = { F64: 8, I64: 8, F32: 4, I32: 4, U32: 4, U8: 1 } as const;
export type SafetensorsDtype = keyof typeof SAFETENSORS_DTYPES;

/** Maximum size of the header in bytes, by the format's README. */
export const MAX_HEADER_BYTES = 100_000_000;
/** The header is preceded by its length as a little-endian u64. */
export const LENGTH_BYTES = 8;

const count = z.number().int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.enum(['F64', 'I64', 'F32', 'I32', 'U32', 'U8']),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});

interface HeaderEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** In bytes, from the end of the header. */
  readonly begin: number;
  readonly end: number;
}
export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Record<string, string>;
  /** Offset of the first data byte in the file. */
  readonly dataStart: number;
}

/** The error for every file that violates the format. */
function brokenFile(what: Message, cause?: unknown): AppError {
  return new AppError(
    'run-invalid',
    message('exporting.broken', { what }),
    cause === undefined ? {} : { cause },
  );
}

/**
 * Reads and checks the header: length, JSON, no duplicate keys, every entry of a known type with as many bytes as its
 * shape needs, and entries that cover all data without gaps or overlaps. Throws `AppError('run-invalid')`.
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  const dataStart = LENGTH_BYTES + headerLength(bytes);
  const fields = headerFields(bytes.subarray(LENGTH_BYTES, dataStart));
  const metadata = readMetadata(fields.get('__metadata__') ?? {});
  fields.delete('__metadata__');
  const entries = [...fields].map(([name, value]) => parseEntry(name, value));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, bytes.length - dataStart);
  return { entries, metadata, dataStart };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) throw brokenFile(message('exporting.noLength'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw brokenFile(message('exporting.longHeader', { bytes: String(length) }));
  if (Number(length) > bytes.length - LENGTH_BYTES) throw brokenFile(message('exporting.endsInHeader'));
  return Number(length);
}

function headerFields(bytes: Uint8Array): Map<string, unknown> {
  let parsed: unknown;
  let text: string;
  try {
    text = decodeUtf8(bytes);
    parsed = JSON.parse(text);
  } catch (cause) {
    throw brokenFile(message('exporting.headerNotJson'), cause);
  }
  if (!text.startsWith('{') || typeof parsed !== 'object' || parsed === null)
    throw brokenFile(message('exporting.headerNotObject'));
  const twice = findDuplicateKey(text);
  if (twice !== null) throw brokenFile(message('exporting.keyTwice', { key: JSON.stringify(twice) }));
  return new Map(Object.entries(parsed));
}

/** The record has no prototype, so that any string can be a key, even `__proto__`, which zod's records drop. */
function readMetadata(value: unknown): Record<string, string> {
  const table = Object.create(null) as Record<string, string>;
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  for (const [key, text] of isTable ? Object.entries(value) : [['', null]]) {
    if (typeof key !== 'string' || typeof text !== 'string')
      throw brokenFile(message('exporting.metadataWrong'));
    table[key] = text;
  }
  return table;
}

function parseEntry(name: string, value: unknown): HeaderEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw brokenFile(message('exporting.tensorWrong', { name: JSON.stringify(name) }));
  const { dtype, shape } = parsed.data;
  const [begin, end] = parsed.data.data_offsets;
  const wanted = shape.reduce((product, dim) => product * dim, 1) * SAFETENSORS_DTYPES[dtype];
  if (end - begin !== wanted)
    throw brokenFile(
      message('exporting.tensorBytes', { name: JSON.stringify(name), wanted, found: end - begin }),
    );
  return { name, dtype, shape, begin, end };
}

function checkCoverage(sorted: readonly HeaderEntry[], dataBytes: number): void {
  let at = 0;
  for (const entry of sorted) {
    if (entry.begin !== at)
      throw brokenFile(message('exporting.tensorGap', { name: JSON.stringify(entry.name) }));
    at = entry.end;
  }
  if (at !== dataBytes) throw brokenFile(message('exporting.tensorsBytes', { wanted: at, found: dataBytes }));
}
