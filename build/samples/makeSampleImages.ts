import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStream } from '#core/training/random.ts';
import { drawShape, SAMPLE_SIDE, SHAPES } from './drawShape.ts';
import { encodePng } from './encodePng.ts';

const PARTS = { train: 400, test: 100 } as const;
const SEED = 20;
/** A file in a complete sample folder that holds the version of the drawings. */
const MARK = 'ABOUT.txt';
const ABOUT = `NormLab sample images, drawings ${drawingVersion()}
${SHAPES.length} classes of drawn shapes, ${SAMPLE_SIDE}x${SAMPLE_SIDE} RGB; ${PARTS.train} training and ${PARTS.test} test images a class.
Made by build/samples/makeSampleImages.ts, the same on every machine. Free to use.
`;

/**
 * Draws the sample set into `folder` as train/<class>/ and test/<class>/. Returns false when it exists already; another
 * version is replaced. The set is drawn beside the folder and moved into place when complete. Throws when the folder
 * holds anything else.
 */
export function makeSampleImages(folder: string): boolean {
  const mark = join(folder, MARK);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === ABOUT) return false;
  if (existsSync(folder) && !existsSync(mark) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty and holds no sample images; choose another folder.`);
  }
  const unfinished = join(dirname(resolve(folder)), `.${basename(folder)}.${process.pid}.tmp`);
  try {
    for (const [part, count] of Object.entries(PARTS)) drawPart(unfinished, part, count);
    writeFileSync(join(unfinished, MARK), ABOUT);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return true;
}

/** Changes with the drawing code: images of an older version are drawn again. */
function drawingVersion(): string {
  const hash = createHash('sha256');
  for (const file of ['drawShape.ts', 'encodePng.ts', 'makeSampleImages.ts', '../../core/training/random.ts'])
    hash.update(readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll('\r\n', '\n'));
  return hash.digest('hex').slice(0, 12);
}

function drawPart(folder: string, part: string, count: number): void {
  for (const shape of SHAPES) {
    const classFolder = join(folder, part, shape);
    mkdirSync(classFolder, { recursive: true });
    for (let number = 0; number < count; number++) {
      const pixels = drawShape(shape, openStream(SEED, `${part}/${shape}/${number}`));
      const name = `${String(number).padStart(4, '0')}.png`;
      writeFileSync(join(classFolder, name), encodePng(pixels, SAMPLE_SIDE, SAMPLE_SIDE));
    }
  }
}

function main(folder: string | undefined): number {
  if (folder === undefined) {
    process.stderr.write('Usage: node build/samples/makeSampleImages.ts DIR\n');
    return 2;
  }
  try {
    const isNew = makeSampleImages(folder);
    process.stderr.write(`${isNew ? 'Sample images drawn' : 'Sample images are there already'}: ${folder}\n`);
    return 0;
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv[2]);
