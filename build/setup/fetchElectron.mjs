// Downloads Electron's program with Electron's own installer, with a timeout: a machine without that network must not
// wait forever.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const installer = fileURLToPath(new URL('../../node_modules/electron/install.js', import.meta.url));
const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'ignore'] });
const timer = setTimeout(() => child.kill('SIGKILL'), Number(process.argv[2] ?? 90_000));
child.on('exit', (code) => {
  clearTimeout(timer);
  process.exitCode = code ?? 1;
});
