import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { StartWeights } from '#core/document/start.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { slotsOf } from '#core/import/slots.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { planStart } from './planStart.ts';
import { writeWeights } from './writeWeights.ts';

let folder: string;
let start: StartWeights;
const tiny = tinyDocument();
const file = (): string => path.join(folder, 'net.safetensors');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-plan-start-'));
  const graph = must(checkGraph(tiny.graph).graph, 'graph');
  const values = slotsOf(graph, tiny.training).map(({ name, dims, size }) => {
    const value = { dims, from: [name], transposed: false, read: () => new Float32Array(size) };
    return [name, value] as const;
  });
  const { sha256 } = await writeWeights({
    file: file(),
    values: new Map(values),
    metadata: {},
    overwrite: false,
  });
  start = { file: 'net.safetensors', sha256, source: 'net.pth', classNames: ['a', 'b', 'c'] };
});
afterAll(() => rm(folder, { recursive: true }));

async function notes(document: GraphDocument, classes = ['a', 'b', 'c']): Promise<string[]> {
  const graph = must(checkGraph(document.graph).graph, 'graph');
  return (await planStart({ document, graph, classes, folders: [folder] })).map(inEnglish);
}

describe('planStart', () => {
  it('says what a run takes, and whether the head is kept', async () => {
    expect(await notes(tiny)).toEqual([]);
    expect(await notes({ ...tiny, start })).toEqual([
      'Starts from net.pth: 7 of 7 tensors.',
      'The head is kept: the classes are the same.',
    ]);
    expect(await notes({ ...tiny, start }, ['x', 'y', 'z'])).toEqual([
      'Starts from net.pth: 5 of 7 tensors.',
      'The head dense1 is initialized, since it has to tell apart other classes.',
    ]);
  });

  it('refuses weights that are not there, have changed, or do not fit', async () => {
    const absent = { ...start, file: 'other.safetensors' };
    await expect(notes({ ...tiny, start: absent })).rejects.toThrow('neither beside the project');
    const narrow = tinyDocument();
    const { conv1 } = narrow.graph.nodes as Record<string, { params: Record<string, unknown> }>;
    must(conv1, 'conv1').params['filters'] = 5;
    await expect(notes({ ...narrow, start })).rejects.toMatchObject({ code: 'weights-mismatch' });
    await mkdir(path.join(folder, 'kept'));
    await rename(file(), path.join(folder, 'kept', 'net.safetensors'));
    await writeFile(file(), 'other content');
    await expect(notes({ ...tiny, start })).rejects.toThrow('the content has changed');
    await rm(file());
    await rename(path.join(folder, 'kept', 'net.safetensors'), file());
    expect(await notes({ ...tiny, start })).toHaveLength(2);
  });
});
