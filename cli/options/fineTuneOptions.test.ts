import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '#core/document/parse.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { batchNormPolicyOf } from '#core/rewrites/batchNormPolicy.ts';
import { ratesOf, whatTrainsOf } from '#core/rewrites/whatTrains.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { checkpointTensors, drawImages } from '#workers/runs/testing/imageFolder.ts';
import { openTerminal, refusalOf, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await terminal.project('tiny', tinyDocument({ schedule: { kind: 'constant' } }));
});
afterAll(() => terminal.remove());

function train(out: string, ...more: string[]): Promise<Ended> {
  const data = ['--data', 'train', '--val', 'train', '--threads', '1', '--precision', 'f32'];
  return terminal.run('train', 'tiny.normlab.json', ...data, '--out', out, ...more);
}

async function projectOf(run: string): Promise<GraphDocument> {
  const manifest = JSON.parse(await readFile(terminal.at(run, 'run.json'), 'utf8')) as { project: string };
  const read = parseDocument(manifest.project);
  if (!read.ok) throw new Error('the project of a run');
  return read.document;
}

describe('options that say what trains', () => {
  it('set the network of the run', async () => {
    const ended = await train('head', '--epochs', '1', '--train', 'head', '--bn', 'frozen');
    expect(ended.status, ended.stderr).toBe(0);
    const { graph } = await projectOf('head');
    expect([whatTrainsOf(graph), batchNormPolicyOf(graph)]).toEqual(['head', 'frozen']);
    const rated = await train('rated', '--epochs', '1', '--trunk-rate', '0.1', '--head-epochs', '1');
    expect(rated.status, rated.stderr).toBe(0);
    expect(rated.stderr).toContain('Only the head trains in all 1 epochs');
    const document = await projectOf('rated');
    expect(ratesOf(document.graph)).toEqual({ head: 1, stages: [0.1] });
    expect(document.training.headEpochs).toBe(1);
  });

  it('give the same bits to a run that is resumed in its head phase', async () => {
    const phases = ['--head-epochs', '2', '--bn', 'all', '--trunk-rate', '0.5'];
    const whole = await train('whole', '--epochs', '3', ...phases);
    expect(whole.status, whole.stderr).toBe(0);
    expect(whole.stderr).toContain('In the first 2 epochs (10 updates) only the head trains');
    expect((await train('resumed', '--epochs', '1', ...phases)).status).toBe(0);
    const resumed = await train('resumed', '--resume', '--epochs', '3', ...phases);
    expect(resumed.status, resumed.stderr).toBe(0);
    const [found, wanted] = [
      await checkpointTensors(terminal.at('resumed')),
      await checkpointTensors(terminal.at('whole')),
    ];
    expect(found.equals(wanted)).toBe(true);
    const other = await train('resumed', '--resume', '--epochs', '4', ...phases, '--head-epochs', '1');
    expect(refusalOf(other)).toContain('training.headEpochs: 2, now 1');
  });

  it('are refused where they say nothing', async () => {
    expect((await train('x', '--train', 'body')).status).toBe(2);
    expect((await train('x', '--layer-decay', '2')).status).toBe(2);
    const stripped = await train('x', '--strip-bn', '--bn', 'frozen');
    expect([stripped.status, refusalOf(stripped)]).toEqual([
      2,
      expect.stringContaining('No BatchNorm block comes before the head'),
    ]);
  });
});
