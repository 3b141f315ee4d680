import { chromium, type Browser, type BrowserContext } from '@playwright/test';

let browser: Promise<Browser> | null = null;
let context: Promise<BrowserContext> | null = null;

/** The Chromium instance of this app; the spec drives the same window through its debugging port. */
export function browserContext(): Promise<BrowserContext> {
  browser ??= chromium.launch({
    ...(process.env.NORMLAB_BROWSER === undefined ? {} : { executablePath: process.env.NORMLAB_BROWSER }),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      `--remote-debugging-port=${process.env.NORMLAB_DOUBLE_PORT ?? '0'}`,
    ],
  });
  context ??= browser.then((opened) => opened.newContext({ viewport: { width: 1440, height: 860 } }));
  return context;
}

export async function closeChromium(): Promise<void> {
  await (await browser)?.close();
}
