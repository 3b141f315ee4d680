import { Command } from 'commander';
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { createLabHost } from '#workers/host/labHost.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { serveLab } from '#workers/host/http/serveHttp.ts';
import { log, print } from '../output/output.ts';
import { shippedModelsFolder } from '../networks/modelFolders.ts';
import { wholeNumber } from '../options/parsers.ts';

const SCREEN = fileURLToPath(new URL('../../renderer/dist', import.meta.url));
const SAMPLES = fileURLToPath(new URL('../../build/out/sample-images', import.meta.url));

interface ServeOptions {
  port: number;
  root?: string[];
  home?: string;
  open?: true;
}

/** `normlab serve`: the lab in a browser tab, on loopback. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('open the lab in a browser: on this machine only, behind a random token')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--root <dir...>', 'folders that the lab may open (default: your home folder)')
    .option('--home <dir>', "the lab's own folder for runs and recovery copies")
    .option('--open', 'open the address in the browser')
    .action(async (options: ServeOptions) => serve(options));
}

async function serve(options: ServeOptions): Promise<void> {
  const roots = (options.root ?? [homedir()]).map((root) => folderAt(resolve(root)));
  const home = openLabHome(options.home === undefined ? undefined : resolve(options.home));
  if (!existsSync(join(SCREEN, 'index.html'))) throw new AppError('arguments', message('options.noScreen'));
  const sampleFolder = existsSync(SAMPLES) ? SAMPLES : null;
  const host = createLabHost({
    home,
    roots: sampleFolder === null ? roots : [...roots, sampleFolder],
    sampleFolder,
    shippedModels: shippedModelsFolder(),
  });
  const lab = await serveLab({ host, screen: SCREEN, port: options.port });
  print(lab.url);
  log('the lab is open at the address above; Ctrl+C ends it, a training run is saved first');
  if (options.open) openInBrowser(lab.url);
  await untilSignal();
  log('saving and closing');
  await host.close();
  await lab.close();
}

/** `path`, or `AppError` where no folder exists: a lab that may open nothing would only look broken. */
function folderAt(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new AppError('folder-not-found', message('options.noRoot', { path }), { where: path });
}

/** Resolves on the first Ctrl+C or SIGTERM; a second one ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((done) => {
    const onSignal = (): void => {
      process.once('SIGINT', () => process.exit(130));
      done();
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}

function openInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(program ?? 'xdg-open', args, { stdio: 'ignore', detached: true });
  child.on('error', () => log('no browser could be started: open the address by hand'));
  child.unref();
}
