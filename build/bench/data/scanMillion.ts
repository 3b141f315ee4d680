import { deflateSync, crc32 } from 'node:zlib';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scanFolder } from '#workers/data/scanFolder.ts';

const CLASSES = 100;

/**
 * `npx node build/bench/data/scanMillion.ts --files 1000000 [--in FOLDER]`: makes a tree of that many different small PNGs in 100
 * classes in a temporary folder, scans it twice (the second time on a warm disk) and prints files per second and the peak of memory.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { files: { type: 'string', default: '1000000' }, in: { type: 'string' } },
  });
  const files = Number(values.files);
  const folder = mkdtempSync(join(values.in ?? tmpdir(), 'normlab-million-'));
  try {
    makeTree(folder, files);
    for (const which of ['first', 'warm']) {
      const began = performance.now();
      const scan = await scanFolder(folder);
      const seconds = (performance.now() - began) / 1000;
      const peak = process.resourceUsage().maxRSS / 1024;
      const speed = Math.round(scan.images.length / seconds).toLocaleString('en');
      console.log(
        `${which} scan of ${scan.images.length} files: ${speed} files/s, at most ${peak.toFixed(0)} MB of memory`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeTree(folder: string, files: number): void {
  for (let at = 0; at < files; at++) {
    const place = join(folder, `class_${String(at % CLASSES).padStart(3, '0')}`);
    if (at < CLASSES) mkdirSync(place);
    writeFileSync(join(place, `picture_${String(at).padStart(7, '0')}.png`), tinyPng(at));
  }
}

/** A grey picture of 4 x 4 whose pixels hold its number. */
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

await main();
