import { describe, expect, it } from 'vitest';
import { formatAgo, formatDate } from './formatTime.ts';

const MINUTE = 60_000;

describe('times in words', () => {
  it('tells how long ago something was, in the language', () => {
    expect(formatAgo(38_400, 'en')).toBe('38 sec. ago');
    expect(formatAgo(90 * MINUTE, 'en')).toBe('1 hr. ago');
    expect(formatAgo(3 * 24 * 60 * MINUTE, 'en')).toBe('3 days ago');
    expect(formatAgo(5 * MINUTE, 'zh-CN')).toBe('5分钟前');
    expect(formatAgo(-5, 'en')).toBe('0 sec. ago');
  });

  it('writes a date as the language does', () => {
    const noon = new Date(2026, 10, 29, 12, 5).getTime();
    expect(formatDate(noon, 'en')).toMatch(/^Nov 29, 2026, 12:05\sPM$/);
    expect(formatDate(noon, 'zh-CN')).toBe('2026年11月29日 12:05');
  });
});
