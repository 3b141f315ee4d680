import { spawn } from 'node:child_process';
import { join } from 'node:path';

const NORMLAB = join(import.meta.dirname, '..', '..', 'cli', 'normlab.mjs');

/** Runs a command of `normlab` with its options, in `home`; throws an `Error` with what it says where it fails. */
export async function runLab(
  args: readonly string[],
  options: Readonly<Record<string, string>>,
  home: string,
): Promise<void> {
  const child = spawn(process.execPath, [NORMLAB, ...args, ...Object.entries(options).flat(), '--json'], {
    env: { ...process.env, NORMLAB_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (status !== 0) throw new Error(`normlab ${args.join(' ')} failed: ${said.slice(-2000)}`);
}
