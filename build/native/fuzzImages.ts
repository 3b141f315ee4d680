import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativePaths } from './nativePaths.ts';
import { runTool } from './runTool.ts';

const MOST_BYTES = 300_000;
const MOST_FILES = 400;
const FLAGS = ['-std=c++17', '-g', '-O1', '-march=x86-64-v2', '-fno-omit-frame-pointer'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/**
 * Builds the direct image decoder with AddressSanitizer and UndefinedBehaviorSanitizer and runs it on mutated images:
 * `npx node build/native/fuzzImages.ts CASES SEED FOLDER…`. Exits with the fuzzer's status: 0 when every case was
 * decoded or refused.
 */
function fuzz([cases = '5000', seed = '1', ...folders]: readonly string[]): number {
  const files = folders.flatMap(imagesBelow);
  if (files.length === 0) {
    console.error('no pictures: npx node build/native/fuzzImages.ts CASES SEED FOLDER…');
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), 'normlab-fuzz-'));
  try {
    const program = join(work, 'fuzz');
    const build = runTool('c++', [
      ...FLAGS,
      ...SANITIZERS,
      `-I${join(nativePaths().source, 'src')}`,
      ...sources(),
      '-o',
      program,
      '-ljpeg',
      '-lpng',
      '-lz',
    ]);
    if (build?.status !== 0) {
      console.error(build?.output ?? 'no compiler: c++ is not there');
      return 1;
    }
    const result = runTool(program, [cases, seed, ...files]);
    console.log(result?.output.trimEnd() ?? 'the fuzzer did not start');
    return result?.status ?? 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function sources(): string[] {
  const folder = join(nativePaths().source, 'image');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cc') && name !== 'addon.cc')
    .map((name) => join(folder, name));
}

/** Evenly selected, so that every class and format is present. */
function imagesBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= MOST_BYTES);
  const stride = Math.max(1, Math.floor(files.length / MOST_FILES));
  return files.filter((_, index) => index % stride === 0);
}

process.exitCode = fuzz(process.argv.slice(2));
