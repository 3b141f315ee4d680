import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunState } from '#core/contract/run.ts';
import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { message } from '#core/words/message.ts';
import { say } from '../setup/shell.ts';
import { PackedHost } from './packedHost.ts';

const PROJECT = 'examples/sample-shapes.normlab.json';

/**
 * Checks that the package runs by itself: starts the packed host under Node without access to the checkout, and,
 * through the same messages as the window's, has it list and read the models that the package contains, decode the
 * sample images, train on them for an epoch and export the run. Accepts only the native backend.
 */
export async function provePackage(folder: string, models: readonly string[]): Promise<void> {
  const resources =
    process.platform === 'darwin'
      ? join(folder, 'NormLab.app/Contents/Resources')
      : join(folder, 'resources');
  const entry = join(resources, 'app.asar.unpacked/dist/host/hostProcess.js');
  const samples = join(resources, 'sample-images');
  for (const needed of [entry, samples, join(resources, 'app.asar'), join(resources, PROJECT)]) {
    if (!existsSync(needed))
      throw new AppError('io', message('setup.packageLacks', { file: needed }), { where: needed });
  }
  proveDecoder(join(resources, 'app.asar.unpacked/dist/host/build/normlab_image.node'));
  using host = new PackedHost(entry, { samples, models: join(resources, 'models') });
  const lab = await host.call('lab.describe', {});
  if (lab.backend !== 'native') {
    throw new AppError('native-missing', message('setup.hostFellBack', { backend: lab.backendDescription }));
  }
  await proveModels(host, models);
  const train = await trainFolder(host, lab.sampleFolder?.grant ?? '');
  const state = await trainOneEpoch(host, oneEpochProject(join(resources, PROJECT)), train);
  const bytes = await exportRun(host, state.runId);
  say(`the packed host exported the run in a thread of its own and verified the file: ${bytes} bytes`);
  const accuracy = state.result?.train.accuracy ?? 0;
  say(
    `the packed host trained by itself: ${lab.backendDescription}, ${state.precision}, accuracy ${accuracy.toFixed(3)} after one epoch`,
  );
}

/**
 * The host would silently fall back to sharp, so the packed decoder is loaded directly, without this system's library
 * path.
 */
function proveDecoder(addon: string): void {
  const script = `console.log(require(${JSON.stringify(addon)}).version)`;
  const env = { PATH: process.env.PATH, LD_LIBRARY_PATH: '' };
  const version = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env, cwd: '/' }).trim();
  say(`the packed image decoder loads by itself: ${version}`);
}

/** Each contained model is listed as shipped, has its licence, and is read by the packed reader. */
async function proveModels(host: PackedHost, models: readonly string[]): Promise<void> {
  const rows = await host.call('model.list', {});
  for (const name of models) {
    const row = rows.find((each) => each.name === name && !each.isRemovable);
    const { text } = await host.call('model.licence', { name });
    if (row === undefined || text === null)
      throw new AppError('io', message('setup.modelNotListed', { name }), { where: name });
    const from = { kind: 'model', name } as const;
    const report = await host.call('model.inspect', { from, importId: name, architecture: null });
    say(`the packed host reads ${name}: ${report.matched} of ${report.slots} tensors, ${row.licence ?? ''}`);
  }
}

async function trainFolder(host: PackedHost, folder: string): Promise<string> {
  const { entries } = await host.call('files.list', { folder });
  const found = entries.find(({ name }) => name === 'train');
  if (found === undefined) throw new AppError('io', message('setup.noTrainingSamples'));
  return found.grant;
}

function oneEpochProject(file: string): string {
  const parsed = parseDocument(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw fromErrorData(parsed.error);
  const { document } = parsed;
  return serializeDocument({ ...document, training: { ...document.training, epochs: 1 } });
}

async function trainOneEpoch(host: PackedHost, project: string, train: string): Promise<RunState> {
  const ended = host.until('the end of the run', (event) => {
    const isEnd = event.event === 'runState' && ['finished', 'failed', 'stopped'].includes(event.state.phase);
    return isEnd ? event.state : null;
  });
  await host.call('run.start', { project, name: 'packed', train, validation: null });
  const state = await ended;
  if (state.phase !== 'finished')
    throw new AppError(
      'worker-died',
      message('setup.hostCannotTrain', { why: state.error?.message ?? state.phase }),
    );
  return state;
}

/**
 * Exports the run into the first folder that the host may write to, its home; returns the size of the verified file.
 */
async function exportRun(host: PackedHost, runId: string): Promise<number> {
  const { folder, entries } = await host.call('files.list', { folder: null });
  const home = folder?.grant ?? entries[0]?.grant ?? '';
  const request = { format: 'onnx', foldBatchNorm: false, name: 'packed.onnx', overwrite: false } as const;
  const { sizeBytes } = await host.call('run.export', {
    runId,
    exportId: 'packed',
    folder: home,
    ...request,
  });
  return sizeBytes;
}
