import { crc32, deflateSync } from 'node:zlib';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CLASSES = 100;

/** Writes this many different small PNGs in 100 classes into a folder. */
export function makeImageTree(folder: string, files: number): void {
  for (let at = 0; at < files; at++) {
    const place = join(folder, `class_${String(at % CLASSES).padStart(3, '0')}`);
    if (at < CLASSES) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `image_${String(at).padStart(7, '0')}.png`), tinyPng(at));
  }
}

/** A grey image of 4 x 4 whose pixels encode its number. */
function tinyPng(number: number): Buffer {
  const header = Buffer.from([0, 0, 0, 4, 0, 0, 0, 4, 8, 0, 0, 0, 0]);
  const rows = Buffer.alloc(20);
  rows.writeUInt32BE(number, 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
