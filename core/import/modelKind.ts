import { MAX_HEADER_BYTES } from '../export/safetensorsHeader.ts';
import type { ModelFile } from './foreignModel.ts';
import { latin1 } from './latin1.ts';
import { looksLikeNpy } from './npz/npyHeader.ts';
import { INDEX_ENDING } from './safetensors/weightMap.ts';
import { looksLikeTar } from './torch/tar.ts';
import { openZip } from './zip.ts';

/** Which reader applies to a model file. */
export type ModelKind = 'pytorch' | 'safetensors' | 'npz' | 'keras' | 'hdf5' | 'onnx' | 'caffe';

/** Where nothing else decides, so that a truncated or empty file gets the message of its own reader. */
const ENDINGS: readonly (readonly [ending: string, kind: ModelKind])[] = [
  ['.safetensors', 'safetensors'],
  ['.npz', 'npz'],
  ['.npy', 'npz'],
  ['.pt', 'pytorch'],
  ['.pth', 'pytorch'],
  ['.pth.tar', 'pytorch'],
  ['.bin', 'pytorch'],
  ['.ckpt', 'pytorch'],
  ['.keras', 'keras'],
  ['.h5', 'hdf5'],
  ['.hdf5', 'hdf5'],
  ['.onnx', 'onnx'],
  ['.caffemodel', 'caffe'],
  ['.prototxt', 'caffe'],
];

/**
 * The kind of a model file: by its content where that decides, else by its ending. Null for a file of another kind. A
 * file of this kind may still be broken, which its reader says.
 */
export function modelKind(file: ModelFile): ModelKind | null {
  const name = file.name.toLowerCase();
  // Caffe's files are a protobuf without a version and a text: only the ending tells.
  if (name.endsWith('.caffemodel') || name.endsWith('.prototxt')) return 'caffe';
  if (name.endsWith(INDEX_ENDING)) return 'safetensors';
  return kindByContent(file.bytes) ?? ENDINGS.find(([ending]) => name.endsWith(ending))?.[1] ?? null;
}

function kindByContent(bytes: Uint8Array<ArrayBuffer>): ModelKind | null {
  if (looksLikeZip(bytes)) return kindOfZip(bytes);
  if (looksLikeHdf5(bytes)) return 'hdf5';
  if (looksLikeNpy(bytes)) return 'npz';
  if (looksLikeTorchStream(bytes) || looksLikeTorchTar(bytes)) return 'pytorch';
  if (looksLikeSafetensors(bytes)) return 'safetensors';
  return looksLikeOnnx(bytes) ? 'onnx' : null;
}

/** By the names of the entries. */
function kindOfZip(bytes: Uint8Array<ArrayBuffer>): ModelKind | null {
  const names = entryNames(bytes);
  if (names.some((name) => name === 'data.pkl' || name.endsWith('/data.pkl'))) return 'pytorch';
  if (names.includes('config.json') && names.includes('metadata.json')) return 'keras';
  return names.length > 0 && names.every((name) => name.endsWith('.npy')) ? 'npz' : null;
}

/** Of a broken archive the name of the first entry, which its local header has too. */
function entryNames(bytes: Uint8Array<ArrayBuffer>): readonly string[] {
  try {
    return openZip(bytes).entries.map(({ name }) => name);
  } catch {
    const length = (bytes[26] ?? 0) + 256 * (bytes[27] ?? 0);
    return [latin1(bytes.subarray(30, 30 + length))];
  }
}

export function looksLikeZip(head: Uint8Array): boolean {
  return latin1(head.subarray(0, 4)) === 'PK\x03\x04';
}

export function looksLikeHdf5(head: Uint8Array): boolean {
  return latin1(head.subarray(0, 8)) === '\x89HDF\r\n\x1a\n';
}

/** The first field of an ONNX `ModelProto` is its version, from 3 to 20, and another field follows it (onnx.proto). */
export function looksLikeOnnx(head: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = head;
  return tag === 0x08 && version >= 3 && version <= 20 && [0x12, 0x1a, 0x22, 0x32, 0x3a, 0x42].includes(next);
}

/** The length of a JSON header in 8 bytes, then the header; 100 MB at most, by the format's README. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
  return length > 1n && length <= BigInt(MAX_HEADER_BYTES);
}

/** A pickle, in which the magic number of `torch.save` comes first: LONG1 of 10 bytes. */
function looksLikeTorchStream(head: Uint8Array): boolean {
  return (
    head[0] === 0x80 &&
    latin1(head.subarray(2, 32)).includes('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19')
  );
}

/** A tar archive that begins with one of the files of the oldest `torch.save`. */
function looksLikeTorchTar(head: Uint8Array): boolean {
  return (
    looksLikeTar(head) && /^(\.\/)?(sys_info|pickle|tensors|storages)\0/u.test(latin1(head.subarray(0, 100)))
  );
}
