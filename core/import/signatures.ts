import { MAX_HEADER_BYTES } from '../export/safetensorsHeader.ts';
import { latin1 } from './latin1.ts';
import { looksLikeTar } from './torch/tar.ts';

/* What the first bytes of a file say about its format. A few hundred bytes suffice. */

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

/** The start of an array of NumPy, a `.npy` file. */
export function looksLikeNpy(head: Uint8Array): boolean {
  return latin1(head.subarray(0, 6)) === '\x93NUMPY';
}

/** A pickle, in which the magic number of `torch.save` comes first: LONG1 of 10 bytes. */
export function looksLikeTorchStream(head: Uint8Array): boolean {
  return (
    head[0] === 0x80 &&
    latin1(head.subarray(2, 32)).includes('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19')
  );
}

/** A tar archive that begins with one of the files of the oldest `torch.save`. */
export function looksLikeTorchTar(head: Uint8Array): boolean {
  return (
    looksLikeTar(head) && /^(\.\/)?(sys_info|pickle|tensors|storages)\0/u.test(latin1(head.subarray(0, 100)))
  );
}
