import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { productStage, runStep, setUp } from './setup.ts';
import { ROOT, say } from './shell.ts';
import { stage } from './stage.mjs';
import { findBrowser } from './systemLibraries.ts';
import { NODE_FLAGS } from '../../cli/nodeFlags.mjs';

const ELECTRON = join(ROOT, 'node_modules/electron/dist');
/** Timeout of downloading Electron's program; after it the lab opens in a browser. */
const FETCH_TIMEOUT_MS = '90000';

/** `npm start`: the lab in Electron, else in an app window of a browser, else at an address to open by hand. */
function start(): void {
  if (!setUp({ browser: false, screen: true }).isReady) {
    process.exitCode = 1;
    return;
  }
  const wantsBrowser = process.argv.includes('--browser') || !hasDisplay();
  if (!wantsBrowser && haveElectron() && bundleForElectron()) startElectron();
  else serveInBrowser();
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** True when Electron's program is installed, after one attempt to download it. */
function haveElectron(): boolean {
  if (existsSync(ELECTRON)) return true;
  if (process.env.NORMLAB_NO_ELECTRON) return false;
  stage('Electron', () => {
    runStep('', 'build/setup/fetchElectron.mjs', [FETCH_TIMEOUT_MS]);
    if (existsSync(ELECTRON)) return 'fetched';
    return 'not to be had: the lab opens in a browser instead, with everything but the system dialogs';
  });
  return existsSync(ELECTRON);
}

function bundleForElectron(): boolean {
  const sources = ['electron', 'workers', 'core', 'build/package'];
  return productStage('desktop shell', 'bundle', sources, 'dist/shell/main.js', () =>
    runStep('bundled', 'build/package/runBundle.ts'),
  );
}

function startElectron(): void {
  say('opening the lab in Electron');
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/electron/cli.js'), ROOT], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}

function serveInBrowser(): void {
  const args = [
    ...NODE_FLAGS,
    join(ROOT, 'cli/normlab.mjs'),
    'serve',
    ...process.argv.slice(2).filter((arg) => arg !== '--browser'),
  ];
  // A process group of its own: Ctrl+C reaches it once, through `passOnSignals`. When this process exits, the channel
  // closes, which also ends the child.
  const server = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, NORMLAB_LAUNCHED: '1' },
    detached: process.platform !== 'win32',
  });
  server.on('exit', (code) => (process.exitCode = code ?? 1));
  passOnSignals(server);
  if (server.stdout === null) return;
  createInterface({ input: server.stdout }).once('line', (url) => {
    process.stdout.write(`${url}\n`);
    const browser = hasDisplay() ? findBrowser() : null;
    if (browser === null) say('open this address in a browser on this machine');
    else openAppWindow(browser, url);
  });
}

/** One signal often arrives twice, from the terminal and from npm: within this time it counts as one. */
const SAME_SIGNAL_MS = 1000;

/** The first signal lets the server save and exit; a later one ends it at once. */
function passOnSignals(server: ChildProcess): void {
  let last = -Infinity;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (performance.now() - last < SAME_SIGNAL_MS) return;
      last = performance.now();
      server.kill('SIGINT');
    });
  }
}

function openAppWindow(browser: string, url: string): void {
  say(`opening the lab in an app window of ${browser}`);
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(browser, [`--app=${url}`, '--no-first-run', ...asRoot], {
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => say('the browser could not be started: open the address by hand'));
  child.unref();
}

start();
