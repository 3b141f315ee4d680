import type { DecisionHistory } from '#core/evaluation/decisionHistory.ts';
import { crc32 } from '#core/export/crc32.ts';
import { DIGEST_BYTES, DigestTable } from '../../data/images/digestTable.ts';

/*
 * `decisions.bin`, all numbers little-endian: the bytes "NLDECIDE"; version, images N, classes and bytes of a decision
 * w as uint32; labels as int32 [N]; digests of the images, 20 bytes each [N]. Then for each validated epoch: its number
 * as uint32, the classes given [N] of w bytes each, and the CRC-32 of both as uint32.
 */
const MAGIC = 'NLDECIDE';
const VERSION = 1;
const FIXED_BYTES = 24;

/** Whose decisions a file holds: the validation images of a run. */
export interface DecisionsHead {
  readonly labels: Int32Array;
  /** Digests of the files, in the order of the images. */
  readonly digests: DigestTable;
  readonly classes: number;
}

/** The decisions of a run, with the images by their content. */
export interface StoredDecisions extends DecisionHistory, DecisionsHead {}

/** Bytes of a class number: 1 up to 256 classes, 2 up to 65,536, else 4. */
function bytesOfDecision(classes: number): 1 | 2 | 4 {
  return classes <= 256 ? 1 : classes <= 65_536 ? 2 : 4;
}

/** Bytes of one epoch. */
export function recordBytes(count: number, classes: number): number {
  return 8 + count * bytesOfDecision(classes);
}

export function encodeHead({ labels, digests, classes }: DecisionsHead): Buffer {
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.write(MAGIC, 'latin1');
  [VERSION, labels.length, classes, bytesOfDecision(classes)].forEach((value, at) => {
    fixed.writeUInt32LE(value, 8 + 4 * at);
  });
  const bytes = Buffer.from(Int32Array.from(labels).buffer);
  return Buffer.concat([fixed, bytes, digests.packed()]);
}

/** The bytes of an epoch, from 1, after which the network gave `decided`, `[N]`. */
export function encodeRecord(epoch: number, decided: Uint32Array, classes: number): Buffer {
  const width = bytesOfDecision(classes);
  const record = Buffer.alloc(recordBytes(decided.length, classes));
  record.writeUInt32LE(epoch, 0);
  decided.forEach((k, image) => record.writeUIntLE(k, 4 + image * width, width));
  const end = record.length - 4;
  record.writeUInt32LE(crc32(record.subarray(0, end)), end);
  return record;
}

/**
 * The decisions in the bytes of a file, up to the first epoch that is cut off, damaged or out of order, and the number
 * of bytes up to there; null for another file.
 */
export function decodeDecisions(bytes: Buffer): { history: StoredDecisions; usedBytes: number } | null {
  const head = decodeHead(bytes);
  if (head === null) return null;
  const { labels, classes } = head;
  const size = recordBytes(labels.length, classes);
  const epochs: number[] = [];
  const decided: ArrayLike<number>[] = [];
  let at = headBytes(labels.length);
  for (; at + size <= bytes.length; at += size) {
    const record = bytes.subarray(at, at + size);
    const epoch = record.readUInt32LE(0);
    const isWhole = record.readUInt32LE(size - 4) === crc32(record.subarray(0, size - 4));
    if (!isWhole || epoch <= (epochs.at(-1) ?? 0)) break;
    epochs.push(epoch);
    decided.push(decisionsIn(record, labels.length, classes));
  }
  return { history: { ...head, count: labels.length, epochs, decided }, usedBytes: at };
}

export function headBytes(count: number): number {
  return FIXED_BYTES + count * (4 + DIGEST_BYTES);
}

function decodeHead(bytes: Buffer): DecisionsHead | null {
  if (bytes.length < FIXED_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return null;
  const [version, count = 0, classes = 0, width] = [8, 12, 16, 20].map((at) => bytes.readUInt32LE(at));
  if (version !== VERSION || classes < 2 || width !== bytesOfDecision(classes)) return null;
  if (bytes.length < headBytes(count)) return null;
  const labelEnd = FIXED_BYTES + 4 * count;
  // Copies, since the bytes need not be aligned.
  const labels = new Int32Array(new Uint8Array(bytes.subarray(FIXED_BYTES, labelEnd)).buffer);
  return { labels, classes, digests: DigestTable.fromPacked(bytes.subarray(labelEnd, headBytes(count))) };
}

function decisionsIn(record: Buffer, count: number, classes: number): ArrayLike<number> {
  const data = new Uint8Array(record.subarray(4, 4 + count * bytesOfDecision(classes)));
  if (bytesOfDecision(classes) === 1) return data;
  return bytesOfDecision(classes) === 2 ? new Uint16Array(data.buffer) : new Uint32Array(data.buffer);
}
