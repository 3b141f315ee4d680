import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scanFolder } from '#workers/data/scan/scanFolder.ts';
import { makeImageTree } from './imageTree.ts';

/**
 * `npx node build/bench/data/scanMillion.ts --files 1000000 [--in FOLDER] [--make FOLDER] [--scan FOLDER]`: writes that
 * many different small PNGs in 100 classes into a temporary folder, scans it twice (the second time with a warm disk
 * cache) and prints files per second and peak memory. `--make` only writes the files into the folder and keeps it;
 * `--scan` only scans such a folder.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '1000000' },
      in: { type: 'string' },
      make: { type: 'string' },
      scan: { type: 'string' },
    },
  });
  const files = Number(values.files);
  if (values.make !== undefined) return makeImageTree(values.make, files);
  if (values.scan !== undefined) return scanTwice(values.scan);
  const folder = mkdtempSync(join(values.in ?? tmpdir(), 'normlab-million-'));
  try {
    makeImageTree(folder, files);
    await scanTwice(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scanTwice(folder: string): Promise<void> {
  for (const which of ['first', 'second']) {
    const began = performance.now();
    const scan = await scanFolder(folder);
    const seconds = (performance.now() - began) / 1000;
    const peak = process.resourceUsage().maxRSS / 1024;
    const speed = Math.round(scan.images.length / seconds).toLocaleString('en');
    console.log(
      `${which} scan of ${scan.images.length} files: ${speed} files/s, at most ${peak.toFixed(0)} MB of memory`,
    );
  }
}

await main();
