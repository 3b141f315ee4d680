import { defineConfig } from '@playwright/test';
import { findBrowser } from '../build/setup/systemLibraries.ts';

const browser = findBrowser();

export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results',
  // Training and a browser share two cores: one test at a time.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: {
    viewport: { width: 1440, height: 860 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser === null ? {} : { executablePath: browser }),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A camera that shows a test picture; a page still needs the permission.
        '--use-fake-device-for-media-stream',
      ],
    },
  },
});
