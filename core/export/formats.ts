import { must } from '../diagnostics/invariantError.ts';
import { message, type Message } from '../words/message.ts';

/** The public facts about a model file format; writer and reader are in `workers/export/check/codecs.ts`. */
interface FileFormat {
  /**
   * Name on the command line and in messages between processes. The screen's texts have the message keys
   * `export.formats.<name>`, the same in each language.
   */
  readonly name: string;
  /** Extension of its files, with the dot. */
  readonly ending: string;
  /** "an ONNX file", for use in a sentence. */
  readonly noun: Message;
  /** Number of leading bytes of a file that `recognizes` needs. */
  readonly headBytes: number;
  /**
   * True for a file of this format, as far as its first bytes show. When told to overwrite, the lab overwrites only
   * such files.
   */
  recognizes(head: Uint8Array, sizeBytes: number): boolean;
}

/** A ModelProto begins with its IR version: field 1, a small number. */
const onnx = {
  name: 'onnx',
  ending: '.onnx',
  noun: message('files.anOnnxFile'),
  headBytes: 2,
  recognizes: ([tag, version = 0xff]) => tag === 0x08 && version < 0x80,
} as const satisfies FileFormat;

/** Eight bytes of header length, then the header's JSON object. */
const safetensors = {
  name: 'safetensors',
  ending: '.safetensors',
  noun: message('files.aSafetensorsFile'),
  headBytes: 9,
  recognizes: (head, sizeBytes) =>
    head.length > 8 && head[8] === 0x7b && headerLength(head) <= BigInt(sizeBytes - 8),
} as const satisfies FileFormat;

function headerLength({ buffer, byteOffset }: Uint8Array): bigint {
  return new DataView(buffer, byteOffset).getBigUint64(0, true);
}

/** Every format that a run can be exported to, in display order. */
const FORMATS = [onnx, safetensors] as const;
export type ExportFormat = (typeof FORMATS)[number]['name'];
export const EXPORT_FORMATS: readonly ExportFormat[] = FORMATS.map(({ name }) => name);

/** Formats that users look for and this version cannot write; they are refused by name. */
export const PLANNED_FORMATS: readonly string[] = ['pytorch', 'keras', 'caffe', 'npz'];

/** The description of a format. */
export function formatOf(format: ExportFormat): FileFormat {
  return must(
    FORMATS.find(({ name }) => name === format),
    `the format ${format}`,
  );
}
