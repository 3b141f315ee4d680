/** Which room may import which; design.md, section 1. A room may always import itself. */
export const ALLOWED_ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  workers: ['core'],
  electron: ['core'],
  renderer: ['core'],
  cli: ['core', 'workers'],
  // Tools and end-to-end tests drive the product from outside.
  build: ['core', 'workers', 'cli', 'renderer', 'electron'],
  e2e: ['core', 'workers', 'cli', 'renderer', 'electron', 'build'],
};

/** Packages that `core` may use: pure ones, the same in a browser and under Node. */
export const CORE_PACKAGES: readonly string[] = ['zod', 'protobufjs', '@dagrejs/dagre'];

/** Packages with a room of their own: nobody else may import them. */
export const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron'],
  vue: ['renderer'],
  pinia: ['renderer'],
  'reka-ui': ['renderer'],
  'chart.js': ['renderer'],
  'vue-i18n': ['renderer'],
  sharp: ['workers', 'build'],
};
