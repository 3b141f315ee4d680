import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_API, type LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { ROOT, say } from '../setup/shell.ts';

const TIMEOUT_MS = 60_000;

/**
 * Proves that what was packed runs by itself: starts the packed host under Node with nothing of the checkout on its way, asks it to
 * describe the lab over the same messages as the window would, and refuses anything but the native backend.
 */
export async function provePackage(folder: string): Promise<void> {
  const resources =
    process.platform === 'darwin'
      ? join(folder, 'NormLab.app/Contents/Resources')
      : join(folder, 'resources');
  const entry = join(resources, 'app.asar.unpacked/dist/host/hostProcess.js');
  for (const needed of [entry, join(resources, 'app.asar'), join(resources, 'sample-images')]) {
    if (!existsSync(needed)) throw new AppError('io', `The package lacks ${needed}.`, { where: needed });
  }
  const answer = await describePackedLab(entry, join(resources, 'sample-images'));
  if (answer.backend !== 'native')
    throw new AppError(
      'native-missing',
      `The packed host fell back to the reference backend: ${answer.backendDescription}`,
    );
  say(
    `the packed host runs: ${answer.backendDescription}, ${answer.threads} threads, sample images ${answer.sampleFolder === null ? 'missing' : 'found'}`,
  );
}

async function describePackedLab(entry: string, samples: string): Promise<LabResult<'lab.describe'>> {
  const home = mkdtempSync(join(tmpdir(), 'normlab-packed-'));
  // LD_LIBRARY_PATH is emptied: the addon has to find its own libraries.
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    NORMLAB_HOME: home,
    NORMLAB_SAMPLES: samples,
    LD_LIBRARY_PATH: '',
    NORMLAB_PACKED_ENTRY: entry,
  };
  const child = spawn(process.execPath, [join(ROOT, 'build/package/parentPortDouble.mjs')], {
    cwd: home,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    return LAB_API['lab.describe'].result.parse(await ask(child));
  } finally {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

function ask(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new AppError('host-died', 'The packed host did not answer within a minute.')),
      TIMEOUT_MS,
    );
    child.once('exit', (code) =>
      reject(
        new AppError('host-died', `The packed host ended with status ${code ?? 'none'} before it answered.`),
      ),
    );
    child.on('message', (message: { ok?: boolean; result?: unknown; error?: { message: string } }) => {
      clearTimeout(timer);
      if (message.ok === true) resolve(message.result);
      else
        reject(
          new AppError(
            'host-died',
            `The packed host answered with an error: ${message.error?.message ?? 'none'}`,
          ),
        );
    });
    child.send({ id: 1, method: 'lab.describe', params: {} });
  });
}
