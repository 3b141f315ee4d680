import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builderConfiguration } from './electronBuilder.ts';

const resourcesOf = (models: string | null): readonly unknown[] => {
  const { extraResources } = builderConfiguration({ electronDist: null, models });
  if (!Array.isArray(extraResources)) throw new Error('no list of resources');
  return extraResources;
};

it('puts fetched models beside the app, without what is still being fetched', () => {
  expect(resourcesOf('build/out/models')).toContainEqual({
    ...{ from: 'build/out/models', to: 'models', filter: ['**/*', '!.*/**'] },
  });
});

it('leaves them out where there are none', () => {
  expect(resourcesOf(null)).toHaveLength(resourcesOf('x').length - 1);
});

describe('the package for macOS', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const { mac } = builderConfiguration({ electronDist: null, models: null });

  it('says what the camera is for, in English and in Chinese', () => {
    const text = expect.stringContaining('the pictures that you take') as string;
    expect(mac?.extendInfo).toEqual({ NSCameraUsageDescription: text });
    const folders = mac?.extraResources;
    expect(folders).toEqual([{ from: expect.any(String) as string, to: 'zh_CN.lproj' }]);
    const [chinese] = folders as [{ from: string }];
    const strings = readFileSync(path.join(root, chinese.from, 'InfoPlist.strings'), 'utf8');
    expect(strings).toMatch(/^NSCameraUsageDescription = "[^"]*[\u4e00-\u9fff][^"]*";$/m);
  });

  it('may use the camera, compile code and load the addons under the hardened runtime', () => {
    expect(mac?.hardenedRuntime).toBe(true);
    for (const file of [mac?.entitlements, mac?.entitlementsInherit]) {
      const full = path.join(root, file ?? '');
      expect(existsSync(full)).toBe(true);
      const allowed = [...readFileSync(full, 'utf8').matchAll(/<key>([^<]+)<\/key>\s*<true\/>/g)].map(
        ([, name]) => name,
      );
      expect(allowed.sort()).toEqual([
        'com.apple.security.cs.allow-jit',
        'com.apple.security.cs.allow-unsigned-executable-memory',
        'com.apple.security.cs.disable-library-validation',
        'com.apple.security.device.camera',
      ]);
    }
  });
});
