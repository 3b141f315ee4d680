/** What the page may load: scripts, fonts and sockets of its own origin, and images also from data and blob URLs. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** HTTP headers of every file of the screen, whichever server sends it. */
export const SCREEN_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  json: 'application/json',
};

/** One path segment of a built file: no leading dot, and no character that is special to any file system. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export interface ScreenFile {
  /** Relative to the folder of the built screen, with `/`. */
  readonly path: string;
  readonly contentType: string;
}

/** The built file for the path of a URL (`/` is `index.html`), or null for a path that cannot be one of ours. */
export function screenFileOf(urlPath: string): ScreenFile | null {
  const path = urlPath === '/' ? 'index.html' : urlPath.replace(/^\//, '');
  if (!path.split('/').every((segment) => SEGMENT.test(segment))) return null;
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return { path, contentType: TYPES[ending] ?? 'application/octet-stream' };
}
