import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { imageAddon } from '#workers/data/decode/imageAddon.ts';
import { ROOT } from '../../setup/shell.ts';
import { measureOurs } from './measureOurs.ts';

/** Maximum number of decoding threads or processes, the same for both. */
const CORES = 2;

interface Case {
  readonly folder: string;
  readonly side: number;
  readonly batch: number;
}

interface Theirs {
  readonly versions: string;
  readonly results: readonly { draft: boolean; workers: number; first: number; later: number }[];
}

/**
 * `npm run bench:data -- FOLDER:SIDE:BATCH…`: images per second to ready batches, of NormLab and of a PyTorch
 * DataLoader with Pillow, in one run on the same files. `--python` names an interpreter with torch, Pillow and numpy;
 * `--repeats` sets the number of repeats, of which the best counts.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      python: { type: 'string', default: 'python3' },
      repeats: { type: 'string', default: '3' },
    },
  });
  const repeats = Number(values.repeats);
  const lines: string[] = [];
  for (const one of positionals.map(parseCase)) lines.push(...(await compare(one, values.python, repeats)));
  if (lines.length === 0) throw new Error('name the folders: npm run bench:data -- FOLDER:SIDE:BATCH …');
  console.log(
    `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${CORES} threads; ${imageAddon()?.version ?? 'sharp only'}\n`,
  );
  console.log('| set | what | images/s | against the best of Pillow |\n|---|---|---:|---:|');
  console.log(lines.join('\n'));
}

function parseCase(text: string): Case {
  const [, folder, side, batch] = /^(.+):(\d+):(\d+)$/.exec(text) ?? [];
  if (folder === undefined) throw new Error(`“${text}” is not FOLDER:SIDE:BATCH`);
  return { folder: resolve(folder), side: Number(side), batch: Number(batch) };
}

async function compare({ folder, side, batch }: Case, python: string, repeats: number): Promise<string[]> {
  const name = `${basename(folder)} to ${side}`;
  const script = join(ROOT, 'build/bench/data/dataloader.py');
  const output = execFileSync(python, [script, folder, `${side}`, `${batch}`, `${repeats}`], {
    encoding: 'utf8',
  });
  const theirs = JSON.parse(output) as Theirs;
  const ours = await measureOurs({ folder, side, batch, repeats, threads: CORES });
  const best = Math.max(...theirs.results.flatMap(({ first, later }) => [first, later]));
  const row = (what: string, speed: number): string =>
    `| ${name} | ${what} | ${Math.round(speed).toLocaleString('en')} | ${(speed / best).toFixed(2)} |`;
  return [
    ...theirs.results.map(({ draft, workers, first, later }) =>
      row(`${theirs.versions}, ${workers} workers${draft ? ', draft' : ''}`, Math.max(first, later)),
    ),
    row('NormLab, first epoch: decode, write the cache, read the batches', ours.first),
    row('NormLab, cached: open and check the cache, read the batches', ours.cached),
    row('NormLab, later epochs', ours.later),
  ];
}

main().catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
});
