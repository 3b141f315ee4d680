import {
  looksLikeHdf5,
  looksLikeOnnx,
  looksLikeSafetensors,
  looksLikeTorchStream,
  looksLikeTorchTar,
  looksLikeZip,
} from '#core/import/signatures.ts';
import { message, type Message } from '#core/words/message.ts';

/** Types of model files that are detected by their first bytes, where a folder holds one among images. */
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
  if (looksLikeOnnx(head)) return 'onnx';
  if (looksLikeSafetensors(head)) return 'safetensors';
  if (looksLikeHdf5(head)) return 'hdf5';
  if (looksLikeZip(head)) return hasPickle(head) ? 'pytorch' : null;
  return looksLikeTorchStream(head) || looksLikeTorchTar(head) ? 'pytorch' : null;
}

/** The first entry of a zip archive of PyTorch; its name is at the beginning. */
function hasPickle(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes('data.pkl', 0, 'latin1');
}
