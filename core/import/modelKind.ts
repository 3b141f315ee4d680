import type { ModelFile } from './foreignModel.ts';
import { latin1 } from './latin1.ts';
import { isShardIndex } from './shards.ts';
import {
  looksLikeHdf5,
  looksLikeNpy,
  looksLikeOnnx,
  looksLikeSafetensors,
  looksLikeTorchStream,
  looksLikeTorchTar,
  looksLikeZip,
} from './signatures.ts';
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
  ['.pkl', 'pytorch'],
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
  if (isShardIndex(name, '.safetensors')) return 'safetensors';
  if (isShardIndex(name, '.bin')) return 'pytorch';
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
