import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { openStream } from '#core/training/random.ts';

/** For tests: a temporary folder of small grey images: noise with one bright row per class. */
export interface Playground {
  readonly root: string;
  /** 3 classes × 8 images. */
  readonly train: string;
  /** 3 classes × 3 images. */
  readonly validation: string;
  readonly cache: string;
  at(name: string): string;
  remove(): Promise<void>;
}

export async function openPlayground(): Promise<Playground> {
  const root = await mkdtemp(path.join(tmpdir(), 'normlab-trainer-'));
  const at = (name: string): string => path.join(root, name);
  await drawImages(at('train'), 8, 1);
  await drawImages(at('validation'), 3, 2);
  return {
    root,
    train: at('train'),
    validation: at('validation'),
    cache: at('cache'),
    at,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Writes `count` images of 6 × 6 for each class, `a`, `b` and `c` by default. */
export async function drawImages(
  folder: string,
  count: number,
  seed: number,
  classes: readonly string[] = ['a', 'b', 'c'],
): Promise<void> {
  const random = openStream(seed, 'pictures');
  for (const [row, name] of classes.entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let index = 0; index < count; index += 1) {
      const pixels = Uint8Array.from(
        { length: 36 },
        (_, at) => random.below(120) + (Math.floor(at / 6) === row ? 120 : 0),
      );
      const image = sharp(pixels, { raw: { width: 6, height: 6, channels: 1 } });
      await image.png().toFile(path.join(folder, name, `${index}.png`));
    }
  }
}

/** Bytes of the tensors of a checkpoint, without its header: equal for equal states. */
export async function checkpointTensors(run: string): Promise<Buffer> {
  const bytes = await readFile(path.join(run, 'checkpoint.safetensors'));
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

/**
 * Runs `body` between the command `before` and its undoing; returns false, without running it, when this machine does
 * not allow the command.
 */
export async function withSystem(
  before: readonly string[],
  after: readonly string[],
  body: () => Promise<void>,
): Promise<boolean> {
  try {
    execFileSync(before[0] ?? '', before.slice(1), { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    await body();
  } finally {
    execFileSync(after[0] ?? '', after.slice(1), { stdio: 'ignore' });
  }
  return true;
}
