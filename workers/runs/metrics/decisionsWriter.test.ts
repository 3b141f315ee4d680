import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DigestTable } from '../../data/images/digestTable.ts';
import type { DecisionsHead } from './decisionsFormat.ts';
import { areDecisionsRecorded, openDecisionsWriter, readDecisions } from './decisionsWriter.ts';

let run = '';
beforeAll(async () => {
  run = await mkdtemp(path.join(tmpdir(), 'normlab-decisions-'));
});
afterAll(() => rm(run, { recursive: true, force: true }));
const file = (): string => path.join(run, 'decisions.bin');

function headOf(count: number, classes: number): DecisionsHead {
  const digests = DigestTable.fromPacked(Uint8Array.from({ length: count * 20 }, (_, at) => at % 251));
  return { labels: Int32Array.from({ length: count }, (_, image) => image % classes), digests, classes };
}

async function write(head: DecisionsHead, from: number, epochs: readonly number[]): Promise<void> {
  const writer = await openDecisionsWriter(file(), head, from);
  for (const epoch of epochs)
    writer.add(
      epoch,
      Uint32Array.from(head.labels, (label) => (label * epoch) % head.classes),
    );
  await writer.flush();
  await writer.close();
}

async function epochs(): Promise<readonly number[] | undefined> {
  return (await readDecisions(run))?.epochs;
}

describe('decisions.bin', () => {
  it.each([3, 256, 300, 70_000])('gives back what was written, with %i classes', async (classes) => {
    await rm(file(), { force: true });
    const head = headOf(40, classes);
    await write(head, 0, [1, 2, 3]);
    const found = await readDecisions(run);
    expect(found).toMatchObject({ count: 40, classes, labels: head.labels, epochs: [1, 2, 3] });
    expect(found?.digests.packed()).toEqual(head.digests.packed());
    expect([...(found?.decided[2] as Uint8Array)]).toEqual(
      Array.from(head.labels, (label) => (label * 3) % classes),
    );
  });

  it('is null without a file', async () => {
    await rm(file(), { force: true });
    expect(await readDecisions(run)).toBeNull();
  });

  it('forgets epochs after the checkpoint, which are repeated', async () => {
    await rm(file(), { force: true });
    const head = headOf(10, 4);
    await write(head, 0, [1, 2, 3, 4]);
    await write(head, 2, [3]);
    expect(await epochs()).toEqual([1, 2, 3]);
  });

  it('ends before an epoch that a crash cut off or damaged, and continues there', async () => {
    await rm(file(), { force: true });
    const head = headOf(10, 4);
    await write(head, 0, [1, 2, 3]);
    const { size } = await stat(file());
    await truncate(file(), size - 1);
    expect(await epochs()).toEqual([1, 2]);
    await appendFile(file(), Buffer.from([0]));
    // The length is right again, the contents may not be.
    const bytes = await readFile(file());
    bytes[size - 6] = (bytes[size - 6] ?? 0) ^ 1;
    await writeFile(file(), bytes);
    expect(await epochs()).toEqual([1, 2]);
    await write(head, 3, [4]);
    expect(await epochs()).toEqual([1, 2, 4]);
  });

  it('begins again for other images, and refuses another file', async () => {
    await write(headOf(10, 4), 0, [1, 2]);
    await write(headOf(11, 4), 2, [3]);
    expect(await epochs()).toEqual([3]);
    await writeFile(file(), 'not a file of decisions');
    await expect(readDecisions(run)).rejects.toMatchObject({ code: 'run-invalid', where: file() });
    await write(headOf(11, 4), 0, [1]);
    expect(await epochs()).toEqual([1]);
  });

  it('is not written where it would be larger than 256 MiB', () => {
    expect(areDecisionsRecorded(headOf(50, 1000), 90)).toBe(true);
    expect(areDecisionsRecorded(headOf(0, 1000), 90)).toBe(false);
    expect(areDecisionsRecorded(headOf(5000, 1000), 30_000)).toBe(false);
  });
});
