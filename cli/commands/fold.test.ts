import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, refusalOf, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await train('usual', tinyDocument({ epochs: 6 }));
  await train('idle', idleStatistics());
});
afterAll(() => terminal.remove());

/** A network whose BatchNorm normalizes by the batch and never updates its statistics. */
function idleStatistics(): GraphDocument {
  const document = tinyDocument({ epochs: 2 });
  const bn1 = must(document.graph.nodes[toNodeId('bn1')], 'bn1');
  const idle = { ...bn1, params: { ...bn1.params, updateStatistics: false } };
  return {
    ...document,
    graph: { ...document.graph, nodes: { ...document.graph.nodes, [toNodeId('bn1')]: idle } },
  };
}

async function train(name: string, document: GraphDocument): Promise<void> {
  await terminal.project(name, document);
  const args = ['--data', 'train', '--threads', '1', '--precision', 'f32', '--out', name];
  const ended = await terminal.run('train', `${name}.normlab.json`, ...args);
  expect(ended.status, ended.stderr).toBe(0);
}

describe('normlab fold', () => {
  it('lists each block with its layer, amplification and measured difference', async () => {
    const ended = await terminal.run('fold', 'usual');
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^block +channels +folded into +amplification +difference +relative$/m);
    expect(ended.stdout).toMatch(
      /^bn1 +4 +conv1 \(before\) +[\d.]+ \(channel \d\) +\d\.\de[-+]\d+ +\d\.\de[-+]\d+$/m,
    );
    expect(ended.stdout).toMatch(/all 1 folded, on \d+ images: .* same class for 100\.0 %/);
    expect(ended.stdout).not.toMatch(/in the weights/);
  });

  it('prints the same as JSON, and only the plan where nothing is to be measured', async () => {
    const found = lastJson(await terminal.run('fold', 'usual', '--json')) as Record<string, unknown>;
    expect(found).toMatchObject({
      blocks: [{ node: 'bn1', into: 'conv1', isForward: false, reason: 'bn1 is folded into conv1.' }],
      ...{ whole: { top1Agreement: 1 }, noise: false, lint: [] },
    });
    const plan = lastJson(await terminal.run('fold', 'usual', '--no-measure', '--json'));
    expect(plan).toMatchObject({ blocks: [{ node: 'bn1', difference: null }], whole: null });
    expect(await readdir(terminal.at('usual'))).not.toContain('fold.json');
  });

  it('warns of what it finds in the weights, as the export does before it writes', async () => {
    const ended = await terminal.run('fold', 'idle');
    expect(ended.status, ended.stderr).toBe(0);
    const warning = /warning: bn1: no step has updated its running statistics/;
    expect(ended.stdout).toMatch(warning);
    const exported = await terminal.run('export', 'idle', '--format', 'onnx', '--out', 'idle.onnx');
    expect(exported.stdout).toMatch(warning);
    expect(exported.stdout.search(warning)).toBeLessThan(exported.stdout.search(/idle\.onnx: \d+ bytes/));
    const json = await terminal.run('export', 'idle', '--format', 'npz', '--out', 'idle-npz', '--json');
    expect(lastJson(json)).toMatchObject({
      lint: [{ code: 'never-updated', severity: 'warning', node: 'bn1', count: 4, of: 4 }],
    });
  });

  it('refuses what is no run', async () => {
    const ended = await terminal.run('fold', 'train');
    expect(ended.status).toBe(2);
    expect(refusalOf(ended)).toMatch(/train/);
  });
});
