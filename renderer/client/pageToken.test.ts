import { describe, expect, it } from 'vitest';
import { socketUrl, takePageToken } from './pageToken.ts';

function page(href: string, meta: string | null = null) {
  const kept = new Map<string, string>();
  const fake = {
    location: { href },
    history: {
      state: null,
      replaceState: (_state: unknown, _title: string, url: URL) => {
        fake.location.href = url.href;
      },
    },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
    document: { querySelector: () => (meta === null ? null : { content: meta }) },
  };
  return fake;
}

describe('takePageToken', () => {
  it('takes the token out of the visible address and keeps it for a reload', () => {
    const fake = page('http://127.0.0.1:4000/?token=abc&theme=dark');
    expect(takePageToken(fake as unknown as Window)).toBe('abc');
    expect(fake.location.href).toBe('http://127.0.0.1:4000/?theme=dark');
    expect(takePageToken(fake as unknown as Window)).toBe('abc');
  });

  it('reads a meta tag, or gives an empty token', () => {
    expect(takePageToken(page('http://127.0.0.1/', 'm') as unknown as Window)).toBe('m');
    expect(takePageToken(page('http://127.0.0.1/') as unknown as Window)).toBe('');
  });
});

describe('socketUrl', () => {
  it('stays at the origin of the page', () => {
    const at = (href: string) => socketUrl(page(href) as unknown as Window, 'a b');
    expect(at('http://127.0.0.1:4000/x?y=1')).toBe('ws://127.0.0.1:4000/lab?token=a+b');
    expect(at('https://lab.test/')).toBe('wss://lab.test/lab?token=a+b');
  });
});
