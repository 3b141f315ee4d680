import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { openLabHome } from './labHome.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'normlab-home-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe('the lab home', () => {
  it('has its folders, made where they are missing, the second time too', () => {
    for (let time = 0; time < 2; time += 1) {
      const home = openLabHome(path.join(root, 'a', 'b'));
      for (const folder of [home.runs, home.cache, home.recovery]) {
        expect(existsSync(folder)).toBe(true);
        expect(path.dirname(folder)).toBe(home.folder);
      }
    }
  });

  it('lies where NORMLAB_HOME says', () => {
    vi.stubEnv('NORMLAB_HOME', path.join(root, 'named'));
    expect(openLabHome().folder).toBe(path.join(root, 'named'));
  });

  it.runIf(process.platform === 'linux')('lies in the place for application data else', () => {
    vi.stubEnv('NORMLAB_HOME', '');
    vi.stubEnv('XDG_DATA_HOME', root);
    expect(openLabHome().folder).toBe(path.join(root, 'normlab'));
  });

  it.runIf(process.platform === 'linux')('lies in the home folder when XDG_DATA_HOME is empty', () => {
    vi.stubEnv('NORMLAB_HOME', '');
    vi.stubEnv('HOME', root);
    expect(homedir()).toBe(root);
    vi.stubEnv('XDG_DATA_HOME', '');
    expect(openLabHome().folder).toBe(path.join(root, '.local', 'share', 'normlab'));
  });

  it('that cannot be made says where and why', async () => {
    const file = path.join(root, 'file');
    await writeFile(file, '');
    for (const folder of [file, path.join(file, 'below')]) {
      let thrown: unknown;
      try {
        openLabHome(folder);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(AppError);
      expect((thrown as AppError).code).toBe('output-not-writable');
      expect((thrown as AppError).message).toContain(folder);
    }
  });
});
