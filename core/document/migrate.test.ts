import { describe, expect, it } from 'vitest';
import { migrate, MIGRATIONS, type Migration } from './migrate.ts';
import { PROJECT_VERSION } from './schema.ts';

describe('migrate', () => {
  const table = new Map<number, Migration>([
    [1, ({ title, ...rest }) => ({ ...rest, name: title })],
    [2, (project) => ({ ...project, data: {} })],
  ]);

  it('goes step by step from the file’s version to the wanted one', () => {
    expect(migrate({ version: 1, title: 'a' }, 1, 3, table)).toEqual({ version: 3, name: 'a', data: {} });
    expect(migrate({ version: 2, name: 'b' }, 2, 3, table)).toEqual({ version: 3, name: 'b', data: {} });
  });

  it('leaves the file it was given, and one of the present version, as they are', () => {
    const project = { version: 1, title: 'a' };
    migrate(project, 1, 3, table);
    expect(project).toEqual({ version: 1, title: 'a' });
    expect(migrate(project, 3, 3, table)).toBe(project);
  });

  it('calls a missing step a bug', () => {
    expect(() => migrate({ version: 0 }, 0, 3, table)).toThrow('migration from project version 0');
  });

  it('has a step from every version that a reader may meet', () => {
    const versions = Array.from({ length: PROJECT_VERSION - 1 }, (_, index) => index + 1);
    expect(versions.filter((version) => !MIGRATIONS.has(version))).toEqual([]);
  });
});
