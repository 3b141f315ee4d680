import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { listModels, type StoredModel } from '#workers/models/modelsFolder.ts';
import { SHIPPED_FOLDER } from '../models/shippedModels.ts';
import { setUp } from '../setup/setup.ts';
import { ROOT, say } from '../setup/shell.ts';
import { bundleApp, DIST } from './bundle.ts';
import { builderConfiguration } from './electronBuilder.ts';
import { copyNativeFiles } from './nativeFiles.ts';
import { provePackage } from './provePackage.ts';
import { makeStandIn } from './standIn.ts';

/**
 * `npm run package`: installers for this platform. `--dir`: the unpacked folder only. `--electron-dist DIR`: a prepared
 * Electron distribution. `--stand-in`: a substitute for it; used automatically with `--dir` where no distribution is
 * available.
 */
async function main(args: readonly string[]): Promise<void> {
  const isDir = args.includes('--dir');
  const electronDist = electronDistribution(args, isDir);
  if (!setUp({ browser: false, screen: true, needsEngine: true }).isReady)
    throw new AppError('io', message('setup.unfinished'));
  say('bundling the shell and the lab host');
  await bundleApp();
  mkdirSync(join(DIST, 'host/build'), { recursive: true });
  say(`native files: ${copyNativeFiles(join(DIST, 'host/build')).join(', ')}`);
  const models = fetchedModels();
  const config = builderConfiguration({
    electronDist: electronDist?.folder ?? null,
    models: models.length === 0 ? null : SHIPPED_FOLDER,
  });
  const isStandIn = electronDist?.isStandIn ?? false;
  // Fuses are bits inside Electron's own program: a substitute has none.
  const { electronFuses: _fuses, ...withoutFuses } = config;
  await build({
    projectDir: ROOT,
    config: isStandIn ? withoutFuses : config,
    targets: isDir ? Platform.current().createTarget('dir') : Platform.current().createTarget(),
    publish: 'never',
  });
  if (!isDir) return;
  const names = models.map(({ record }) => record.name);
  await provePackage(join(ROOT, 'release', `${folderPrefix()}-unpacked`), names);
}

/** The models that the package will contain; prints which. */
function fetchedModels(): readonly StoredModel[] {
  const models = listModels({ own: join(ROOT, SHIPPED_FOLDER), shipped: null });
  const facts = models.map(
    ({ record }) =>
      `${record.name} (${(record.bytes / 1e6).toFixed(1)} MB, ${record.licence ?? 'no licence'})`,
  );
  say(
    models.length === 0
      ? 'models: none included; `npm run models:fetch` brings those that may be'
      : `models: ${facts.join(', ')}`,
  );
  return models;
}

interface Distribution {
  readonly folder: string;
  readonly isStandIn: boolean;
}

/** The prepared distribution to use, or null to let electron-builder download the real one. */
function electronDistribution(args: readonly string[], isDir: boolean): Distribution | null {
  const at = args.indexOf('--electron-dist');
  const named = at >= 0 ? args[at + 1] : process.env.NORMLAB_ELECTRON_DIST;
  if (named !== undefined) return { folder: named, isStandIn: false };
  const fetched = join(ROOT, 'node_modules/electron/dist');
  if (existsSync(fetched)) return { folder: fetched, isStandIn: false };
  if (!isDir && !args.includes('--stand-in')) return null;
  say(
    'no Electron distribution here: packing around a stand-in, good for testing contents and not for shipping',
  );
  return { folder: makeStandIn(join(ROOT, 'build/out/electron-stand-in')), isStandIn: true };
}

function folderPrefix(): string {
  return process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : 'linux';
}

main(process.argv.slice(2)).catch((thrown: unknown) => {
  const error = toErrorData(thrown);
  console.error(`package: ${inEnglish(error.message)}`);
  process.exitCode = 1;
});
