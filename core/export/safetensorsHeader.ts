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
  dtype: z.string(),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});

interface HeaderEntry<Dtype> {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** In bytes, from the end of the header. */
  readonly begin: number;
  readonly end: number;
}
interface SafetensorsHeader<Dtype> {
  /** In the order of their data. */
  readonly entries: readonly HeaderEntry<Dtype>[];
  readonly metadata: Record<string, string>;
  /** Offset of the first data byte in the file. */
  readonly dataStart: number;
}

/** What a reader of headers knows, and the errors that it throws. */
export interface HeaderRules<Dtype extends string> {
  /** Bytes per element of each type that is read. */
  readonly widths: Readonly<Record<Dtype, number>>;
  /** The error for every file that violates the format. */
  readonly broken: (what: Message, cause?: unknown) => Error;
  /** The error for a tensor of another type. */
  readonly unknownType: (name: string, dtype: string) => Error;
}

/** The rules of NormLab's own files. */
const OWN_RULES: HeaderRules<SafetensorsDtype> = {
  widths: SAFETENSORS_DTYPES,
  broken: (what, cause) =>
    new AppError('run-invalid', message('exporting.broken', { what }), cause === undefined ? {} : { cause }),
  unknownType: (name) => OWN_RULES.broken(wrongTensor(name)),
};

/**
 * The header of a file that NormLab wrote, as `readHeaderBy`. `bytes` may be the beginning of the file alone, up to the
 * end of the header; `fileBytes` is then the size of the whole. Throws `AppError('run-invalid')`.
 */
export function readHeader(bytes: Uint8Array, fileBytes = bytes.length): SafetensorsHeader<SafetensorsDtype> {
  return readHeaderBy(bytes, OWN_RULES, fileBytes);
}

/**
 * Reads and checks the header: length, JSON, no duplicate keys, every entry of a known type with as many bytes as its
 * shape needs, and entries that cover all data without gaps or overlaps. Throws the errors of `rules`.
 */
export function readHeaderBy<Dtype extends string>(
  bytes: Uint8Array,
  rules: HeaderRules<Dtype>,
  fileBytes = bytes.length,
): SafetensorsHeader<Dtype> {
  const { broken } = rules;
  const dataStart = LENGTH_BYTES + headerLength(bytes, broken);
  const fields = headerFields(bytes.subarray(LENGTH_BYTES, dataStart), broken);
  const metadata = readMetadata(fields.get('__metadata__') ?? {}, broken);
  fields.delete('__metadata__');
  const entries = [...fields].map(([name, value]) => parseEntry(name, value, rules));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, fileBytes - dataStart, broken);
  return { entries, metadata, dataStart };
}

type Broken = HeaderRules<string>['broken'];

function headerLength(bytes: Uint8Array, broken: Broken): number {
  if (bytes.length < LENGTH_BYTES) throw broken(message('exporting.noLength'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw broken(message('exporting.longHeader', { bytes: String(length) }));
  if (Number(length) > bytes.length - LENGTH_BYTES) throw broken(message('exporting.endsInHeader'));
  return Number(length);
}

function headerFields(bytes: Uint8Array, broken: Broken): Map<string, unknown> {
  let parsed: unknown;
  let text: string;
  try {
    text = decodeUtf8(bytes);
    parsed = JSON.parse(text);
  } catch (cause) {
    throw broken(message('exporting.headerNotJson'), cause);
  }
  if (!text.startsWith('{') || typeof parsed !== 'object' || parsed === null)
    throw broken(message('exporting.headerNotObject'));
  const twice = findDuplicateKey(text);
  if (twice !== null) throw broken(message('exporting.keyTwice', { key: JSON.stringify(twice) }));
  return new Map(Object.entries(parsed));
}

/** The record has no prototype, so that any string can be a key, even `__proto__`, which zod's records drop. */
function readMetadata(value: unknown, broken: Broken): Record<string, string> {
  const table = Object.create(null) as Record<string, string>;
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  for (const [key, text] of isTable ? Object.entries(value) : [['', null]]) {
    if (typeof key !== 'string' || typeof text !== 'string') throw broken(message('exporting.metadataWrong'));
    table[key] = text;
  }
  return table;
}

function parseEntry<Dtype extends string>(
  name: string,
  value: unknown,
  { widths, broken, unknownType }: HeaderRules<Dtype>,
): HeaderEntry<Dtype> {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw broken(wrongTensor(name));
  const { dtype, shape } = parsed.data;
  if (!isTypeOf(widths, dtype)) throw unknownType(name, dtype);
  const [begin, end] = parsed.data.data_offsets;
  const wanted = shape.reduce((product, dim) => product * dim, 1) * widths[dtype];
  if (end - begin !== wanted)
    throw broken(
      message('exporting.tensorBytes', { name: JSON.stringify(name), wanted, found: end - begin }),
    );
  return { name, dtype, shape, begin, end };
}

function isTypeOf<Dtype extends string>(
  widths: Readonly<Record<Dtype, number>>,
  dtype: string,
): dtype is Dtype {
  return Object.hasOwn(widths, dtype);
}

function wrongTensor(name: string): Message {
  return message('exporting.tensorWrong', { name: JSON.stringify(name) });
}

function checkCoverage(sorted: readonly HeaderEntry<string>[], dataBytes: number, broken: Broken): void {
  let at = 0;
  for (const entry of sorted) {
    if (entry.begin !== at)
      throw broken(message('exporting.tensorGap', { name: JSON.stringify(entry.name) }));
    at = entry.end;
  }
  if (at !== dataBytes) throw broken(message('exporting.tensorsBytes', { wanted: at, found: dataBytes }));
}
