import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunState } from '#core/contract/run.ts';
import { labEventSchema } from '#core/contract/labApi.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { RUN_POLICIES, type RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { policyRows } from '#core/training/policyRows.ts';
import { importProject } from '../../import/importProject.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { openHostFolder, tinyProject, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';

let folder: HostFolder;
let lab: RunLab;
let project: string;
beforeEach(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  lab = new RunLab(folder);
  const runId = await lab.start({ epochs: 1 });
  await lab.phase('finished');
  const { document } = await importProject(
    {
      ...{ from: lab.runs.folderOf(runId), architecture: null, partial: false },
      weightsFolder: folder.home.weights,
    },
    { kind: 'store' },
  );
  const data = { ...document.data, validationFraction: 0.25 };
  project = serializeDocument({ ...document, data });
  lab.events.length = 0;
});
afterEach(async () => {
  await lab.runs.close();
  await folder.remove();
});

function start(policies: readonly RunPolicy[], epochs = 1, text = project): Promise<{ seriesId: string }> {
  const runs = policies.map((policy) => ({ policy, name: `BN ${policy}` }));
  return lab.comparisons.start({ project: text, train: lab.train, validation: null, epochs, runs });
}

/** Resolves once the comparison has ended. */
async function ended(): Promise<void> {
  await lab.until(() => {
    const told = lab.events.filter(({ event }) => event === 'policies');
    const last = told.at(-1);
    return last?.event === 'policies' && last.state === null ? true : null;
  });
}

async function runsOf(seriesId: string, of: RunLab = lab): Promise<RunState[]> {
  return (await of.runs.list()).filter(({ series }) => series?.id === seriesId).reverse();
}

describe('a comparison of policies', () => {
  it('trains one run after another, and its table survives a restart', async () => {
    const { seriesId } = await start(RUN_POLICIES);
    expect(lab.comparisons.state()).toMatchObject({ seriesId, policies: [...RUN_POLICIES] });
    await ended();
    for (const event of lab.events) expect(labEventSchema.parse(event)).toEqual(event);
    expect(lab.comparisons.state()).toBeNull();
    const again = await runsOf(seriesId, new RunLab(folder));
    const byPolicy = RUN_POLICIES.map((policy) => again.find(({ series }) => series?.policy === policy));
    expect(byPolicy.map((run) => [run?.name, run?.phase])).toEqual(
      RUN_POLICIES.map((policy) => [`BN ${policy}`, 'finished']),
    );
    const rows = policyRows(byPolicy.flatMap((run) => run?.result ?? []));
    expect(rows.map(({ policy }) => policy)).toEqual(['start', ...RUN_POLICIES]);
    for (const { validation } of rows) expect(validation?.images).toBe(6);
    const live = lab.states().filter(({ phase }) => phase === 'running');
    expect(live.every(({ series }) => series?.id === seriesId)).toBe(true);
  });

  it('is alone: no other run starts, also not between two of its own', async () => {
    const { seriesId } = await start(['frozen', 'all'], 20_000);
    expect((await refusal(() => lab.start())).code).toBe('run-exists');
    expect((await refusal(() => start(['all']))).code).toBe('run-exists');
    lab.comparisons.cancel(seriesId);
    await ended();
    await lab.start({ epochs: 1 });
    await lab.phase('finished');
  });

  it('cancelled stops the run that trains, and drops the others', async () => {
    const { seriesId } = await start(['frozen', 'all'], 20_000);
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    expect(lab.comparisons.state()?.waiting).toEqual(['all']);
    lab.comparisons.cancel(seriesId);
    await ended();
    expect(await runsOf(seriesId)).toMatchObject([{ phase: 'stopped', series: { policy: 'frozen' } }]);
    expect((await refusal(() => lab.comparisons.cancel(seriesId))).code).toBe('run-not-found');
  });

  it('ends with the run that the user stops; that run can be resumed', async () => {
    const { seriesId } = await start(['frozen', 'all'], 20_000);
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    const [run] = await runsOf(seriesId);
    lab.runs.stop(run?.runId ?? '');
    await ended();
    expect(await runsOf(seriesId)).toHaveLength(1);
    await lab.runs.resume(run?.runId ?? '');
    expect((await lab.phase('running')).series).toEqual({ id: seriesId, policy: 'frozen' });
  });

  it('refuses a project without starting weights, and leaves the lab free', async () => {
    const untrained = tinyProject({ precision: 'f32', threads: 1 });
    expect(await refusal(() => start(['all'], 1, untrained))).toMatchObject({
      said: { key: 'policies.needsStart' },
    });
    await lab.start({ epochs: 1 });
    await lab.phase('finished');
  });
});
