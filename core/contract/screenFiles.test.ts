import { describe, expect, it } from 'vitest';
import { screenFileOf } from './screenFiles.ts';

describe('files of the screen', () => {
  it('knows its own files', () => {
    expect(screenFileOf('/')).toEqual({ path: 'index.html', contentType: 'text/html; charset=utf-8' });
    expect(screenFileOf('/assets/index-A_b1.js')?.contentType).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    '/../secret',
    '/assets/../../x',
    '/%2e%2e/x',
    '/a\\b',
    '//etc/passwd',
    '/.env',
    '/a\0b',
    '/a/./b',
    '',
  ])('refuses %j', (path) => {
    expect(screenFileOf(path)).toBeNull();
  });
});
