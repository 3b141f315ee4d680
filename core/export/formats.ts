import { must } from '../diagnostics/invariantError.ts';
import { message, type Message } from '../words/message.ts';

/** The public facts about a format; writer and reader are in `workers/export/check/codecs.ts`. */
interface NamedFormat {
  /**
   * Name on the command line and in messages between processes. The screen's texts have the message keys
   * `export.formats.<name>`, the same in each language.
   */
  readonly name: string;
  /** The name in a sentence: "an ONNX file". */
  readonly noun: Message;
}

/** A format of one file. */
interface FileFormat extends NamedFormat {
  readonly kind: 'file';
  /** Extension of its files, with the dot. */
  readonly ending: string;
  /** Number of leading bytes of a file that `recognizes` needs. */
  readonly headBytes: number;
  /**
   * True for a file of this format, as far as its first bytes show. When told to overwrite, the lab overwrites only
   * such files.
   */
  recognizes(head: Uint8Array, sizeBytes: number): boolean;
}

/** A format of several files in a folder of their own, with a manifest (`core/export/bundle/bundleManifest.ts`). */
interface FolderFormat extends NamedFormat {
  readonly kind: 'folder';
  /** End of the name that is suggested for the folder. */
  readonly ending: string;
}

/** A ModelProto begins with its IR version: field 1, a small number. */
const onnx = {
  kind: 'file',
  name: 'onnx',
  ending: '.onnx',
  noun: message('files.anOnnxFile'),
  headBytes: 2,
  recognizes: ([tag, version = 0xff]) => tag === 0x08 && version < 0x80,
} as const satisfies FileFormat;

/** Eight bytes of header length, then the header's JSON object. */
const safetensors = {
  kind: 'file',
  name: 'safetensors',
  ending: '.safetensors',
  noun: message('files.aSafetensorsFile'),
  headBytes: 9,
  recognizes: (head, sizeBytes) =>
    head.length > 8 && head[8] === 0x7b && headerLength(head) <= BigInt(sizeBytes - 8),
} as const satisfies FileFormat;

const pytorch = {
  kind: 'folder',
  name: 'pytorch',
  ending: '-pytorch',
  noun: message('files.aModelFolder'),
} as const satisfies FolderFormat;

const keras = {
  kind: 'folder',
  name: 'keras',
  ending: '-keras',
  noun: message('files.aModelFolder'),
} as const satisfies FolderFormat;

const npz = {
  kind: 'folder',
  name: 'npz',
  ending: '-npz',
  noun: message('files.aModelFolder'),
} as const satisfies FolderFormat;

const caffe = {
  kind: 'folder',
  name: 'caffe',
  ending: '-caffe',
  noun: message('files.aModelFolder'),
} as const satisfies FolderFormat;

function headerLength({ buffer, byteOffset }: Uint8Array): bigint {
  return new DataView(buffer, byteOffset).getBigUint64(0, true);
}

/** Every format that a run can be exported to, in display order. */
const FORMATS = [onnx, safetensors, pytorch, keras, caffe, npz] as const;
type AnyFormat = (typeof FORMATS)[number];
export type ExportFormat = AnyFormat['name'];
/** The formats of one file, and those of a folder. */
export type FileFormatName = Extract<AnyFormat, { kind: 'file' }>['name'];
export type FolderFormatName = Extract<AnyFormat, { kind: 'folder' }>['name'];
export const EXPORT_FORMATS: readonly ExportFormat[] = FORMATS.map(({ name }) => name);

/** The description of a format. */
export function formatOf(format: ExportFormat): FileFormat | FolderFormat {
  return must(
    FORMATS.find(({ name }) => name === format),
    `the format ${format}`,
  );
}

/** The description of a format of one file. */
export function fileFormatOf(format: FileFormatName): FileFormat {
  const found = FORMATS.filter((each) => each.kind === 'file').find(({ name }) => name === format);
  return must(found, `the file format ${format}`);
}

/** True for a format of several files in a folder. */
export function isFolderFormat(format: ExportFormat): format is FolderFormatName {
  return formatOf(format).kind === 'folder';
}
