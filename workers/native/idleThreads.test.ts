import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('./idleThreads.ts', import.meta.url));

/** The process's own environment after the call. A child process inherits it, not the copy of a worker. */
function spinCountOfChild(environment: NodeJS.ProcessEnv): string {
  const script = `import { quietIdleThreads } from ${JSON.stringify(MODULE)};
    import { execFileSync } from 'node:child_process';
    quietIdleThreads();
    process.stdout.write(execFileSync(process.execPath, ['-p', 'process.env.GOMP_SPINCOUNT']));`;
  const { GOMP_SPINCOUNT: _spin, OMP_WAIT_POLICY: _policy, ...rest } = process.env;
  const options = { env: { ...rest, ...environment }, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], options).stdout.trim();
}

describe('quietIdleThreads', () => {
  it('shortens the spinning of idle threads, unless the user chose', () => {
    expect(spinCountOfChild({})).toBe('2000');
    expect(spinCountOfChild({ GOMP_SPINCOUNT: '7' })).toBe('7');
    expect(spinCountOfChild({ OMP_WAIT_POLICY: 'active' })).toBe('undefined');
  });
});
