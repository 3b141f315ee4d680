import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { initializeState } from '#core/training/initialize.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { networkOf } from '#workers/compute/network.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, refusalOf, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
let written: Ended;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await drawImages(terminal.at('val'), 3, 2);
  await terminal.project('tiny', tinyDocument());
  written = await cluster('project', '--val', 'val', '--nodes', '2', '--json');
});
afterAll(() => terminal.remove());

function cluster(out: string, ...more: string[]): Promise<Ended> {
  return terminal.run('cluster', 'tiny.normlab.json', '--data', 'train', '--out', out, ...more);
}

async function jsonOf(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(terminal.at('project', name), 'utf8')) as Record<string, unknown>;
}

describe('normlab cluster', () => {
  it('writes a project and says how to start it', () => {
    expect(written.status, written.stderr).toBe(0);
    expect(lastJson(written)).toMatchObject({
      ...{ path: terminal.at('project'), trainImages: 24, validationImages: 9, globalBatch: 5, steps: 10 },
      command: 'torchrun --nproc-per-node 4 train.py --data IMAGES --validation-data VALIDATION',
    });
  });

  it('lists every file with its SHA-256', async () => {
    const { files } = (await jsonOf('normlab.json')) as { files: Record<string, { sha256: string }> };
    const names = await readdir(terminal.at('project'));
    expect(names.sort()).toEqual([...Object.keys(files), 'normlab.json'].sort());
    for (const [name, { sha256 }] of Object.entries(files)) {
      const bytes = await readFile(terminal.at('project', name));
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sha256);
    }
  });

  it('contains no path of this machine', async () => {
    for (const name of await readdir(terminal.at('project')))
      expect(await readFile(terminal.at('project', name), 'latin1'), name).not.toContain(terminal.root);
  });

  it('begins with the weights, the images and the split of a run of the same settings', async () => {
    const document = tinyDocument();
    const layout = buildStateLayout(networkOf(document), optimizerPlanOf(document.training));
    const state = new Float32Array(layout.totalSize);
    initializeState(layout, document.training.seed, state);
    const { tensors } = decodeSafetensors(await readFile(terminal.at('project', 'initial.safetensors')));
    for (const [slot, name] of [
      ['conv1.weights', 'conv1.weight'],
      ['bn1.gamma', 'bn1.weight'],
      ['bn1.variance', 'bn1.running_var'],
    ] as const) {
      const found = [...layout.parameters, ...layout.statistics].find((each) => each.name === slot);
      const { offset = 0, size = 0 } = found ?? {};
      expect([...(tensors.get(name)?.data ?? [])]).toEqual([...state.subarray(offset, offset + size)]);
    }
    const options = ['--data', 'train', '--val', 'val', '--epochs', '1', '--out', 'run'];
    const trained = await terminal.run('train', 'tiny.normlab.json', ...options);
    expect(trained.status, trained.stderr).toBe(0);
    const split = await readFile(terminal.at('run', 'split.json'), 'utf8');
    expect(await readFile(terminal.at('project', 'split.json'), 'utf8')).toBe(split);
    const images = (await jsonOf('images.json')) as { train: { images: { file: string; class: number }[] } };
    expect(images.train.images).toHaveLength(24);
    expect(images.train.images[8]).toMatchObject({ file: 'b/0.png', class: 1 });
  });

  it('replaces a project of its own on request, and nothing else', async () => {
    expect(refusalOf(await cluster('project'))).toContain('--force');
    expect((await cluster('project', '--force')).status).toBe(0);
    await writeFile(terminal.at('project', 'mine.txt'), 'mine');
    expect(refusalOf(await cluster('project', '--force'))).toContain('mine.txt');
    expect(refusalOf(await cluster('train', '--force'))).toContain(
      'is not a project folder that NormLab wrote',
    );
  });

  it('refuses settings that the project does not have, by name', async () => {
    const document = tinyDocument();
    const entries = Object.entries(document.graph.nodes).map(([id, node]) => [
      id,
      id === 'bn1' ? { ...node, params: { ...node.params, ghostSize: 2 } } : node,
    ]);
    await terminal.project('ghost', {
      ...document,
      graph: { ...document.graph, nodes: Object.fromEntries(entries) },
    });
    const ended = await terminal.run('cluster', 'ghost.normlab.json', '--data', 'train', '--out', 'ghost');
    expect(refusalOf(ended)).toContain('bn1 normalizes in ghost groups of 2 samples');
    await expect(readdir(terminal.at('ghost'))).rejects.toThrow('ENOENT');
  });

  it('asks for images', async () => {
    const ended = await terminal.run('cluster', 'tiny.normlab.json', '--out', 'none');
    expect(refusalOf(ended)).toContain('--data');
  });
});
