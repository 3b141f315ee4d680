import { message, type Message } from '#core/words/message.ts';
/** Types of model files that are detected by their first bytes. */
export type ModelKind = 'onnx' | 'safetensors' | 'hdf5' | 'pytorch';

const WORDS: { readonly [K in ModelKind]: Message } = {
  onnx: message('files.anOnnxModel'),
  safetensors: message('files.safetensorsWeights'),
  hdf5: message('files.anHdf5File'),
  pytorch: message('files.pytorchWeights'),
};

/** The type, for a sentence: `an ONNX model`. */
export function modelWords(kind: ModelKind): Message {
  return WORDS[kind];
}

/** The type of model file that begins with these bytes; null for none that is known. */
export function modelKind(head: Uint8Array): ModelKind | null {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (isOnnx(head)) return 'onnx';
  if (isSafetensors(head)) return 'safetensors';
  if (text.startsWith('\x89HDF\r\n\x1a\n')) return 'hdf5';
  if (!text.startsWith('PK\x03\x04')) return null;
  return text.includes('data.pkl') ? 'pytorch' : null;
}

/** The first field of an ONNX `ModelProto` is its version, from 3 to 20, and another field follows it (onnx.proto). */
function isOnnx(head: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = head;
  return tag === 0x08 && version >= 3 && version <= 20 && [0x12, 0x1a, 0x22, 0x32, 0x3a, 0x42].includes(next);
}

/** The length of a JSON header in 8 bytes, then the header; 100 MB at most, by the format's README. */
function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = Buffer.from(head.buffer, head.byteOffset, 8).readBigUInt64LE();
  return length > 1n && length <= 100_000_000n;
}
