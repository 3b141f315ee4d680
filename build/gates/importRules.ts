/** The rooms that each room may import. A room may always import itself. */
export const ALLOWED_ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  workers: ['core'],
  electron: ['core'],
  renderer: ['core'],
  cli: ['core', 'workers'],
  // Files to copy, which work without the rest.
  examples: [],
  // Tools and end-to-end tests use the product from outside.
  build: ['core', 'workers', 'cli', 'renderer', 'electron', 'examples'],
  e2e: ['core', 'workers', 'cli', 'renderer', 'electron', 'build'],
};

/** The folders of a room, from the lowest to the highest. */
export interface RoomOrder {
  /**
   * A folder may import itself and the folders before it. A subfolder of a listed folder belongs to it, unless it is
   * listed itself, as `a/b`. Files directly in the room belong to the folder `.`.
   */
  readonly folders: readonly string[];
}

/**
 * The order of the folders in each room. Tests and their helpers may import from any folder, and only they may import a
 * helper. A room that is not listed has no order.
 */
export const FOLDER_ORDER: Readonly<Record<string, RoomOrder>> = {
  // docs/adr/0022-folders-of-core-in-one-order.md
  core: {
    folders: [
      'words',
      'csv',
      'diagnostics',
      'pattern',
      'program',
      'augment',
      'batchnorm',
      'optimizers',
      'losses',
      'backend',
      'document',
      'nodes',
      'graph',
      'layout',
      'rewrites',
      'templates',
      'compile',
      'export',
      'import',
      'compare',
      'edit',
      'training',
      'cluster',
      'evaluation',
      'insight',
      'contract',
      'curves',
    ],
  },
  // docs/adr/0025-folders-of-workers-and-cli-in-one-order.md
  workers: {
    folders: [
      'files',
      'native',
      'threads',
      'data/format',
      'data/pixels',
      'data/tiff',
      'data/headers',
      'data/decode',
      'data/walk',
      'data/images',
      'data/labels',
      'data/parts',
      'data/depth',
      'data/cache',
      'data/scan',
      'data/split',
      'data/imageSet',
      'data/augment',
      'compute',
      'runs/folder',
      'runs/metrics',
      'runs/checkpoint',
      'runs/data',
      'runs/list',
      'runs/remote',
      'import',
      'models',
      'inference',
      'evaluation',
      'pairs',
      'doubts',
      'features',
      'pictures',
      'training',
      'export/keras',
      'export/check',
      'export',
      'cluster',
      'host/storage',
      'host/grants',
      'host/projects',
      'host/data',
      'host/reading',
      'host/remote',
      'host/runs',
      'host/models',
      'host/evaluation',
      'host/pictures',
      'host/connections',
      'host',
      'host/http',
    ],
  },
  cli: {
    folders: ['output', 'options', 'networks', 'running', 'commands', '.'],
  },
  // docs/adr/0023-folders-of-the-screen.md
  renderer: {
    folders: [
      'testIds',
      'text',
      'messages/en',
      'messages/zh',
      'messages',
      'client',
      'ui/styles',
      'ui',
      'ui/fields',
      'app',
      'files',
      'series',
      'charts',
      'project',
      'data/folders',
      'data/augment',
      'data/images',
      'data',
      'runs',
      'writing',
      'models',
      'editor/state',
      'editor/actions',
      'editor/palette',
      'editor/blocks',
      'editor/canvas',
      'policies',
      'source',
      'cluster',
      'inspector/training',
      'inspector/block',
      'inspector',
      'statistics',
      'export',
      'compare',
      'evaluation/state',
      'evaluation/figures',
      'evaluation/images',
      'evaluation/confusion',
      'evaluation/doubts',
      'evaluation/picture',
      'evaluation/pair',
      'evaluation',
      'training/start',
      'training/remote',
      'training/card',
      'training',
      'problems',
      'welcome',
      'shell',
      '.',
    ],
  },
};

/** Folders that only tests may import, in any room: helpers of tests, and the conformance suite of the backends. */
export const TEST_FOLDERS: readonly string[] = ['testing', 'conformance'];

/** Packages that `core` may use: pure ones, the same in a browser and under Node. */
export const CORE_PACKAGES: readonly string[] = ['zod', 'protobufjs', '@dagrejs/dagre', 'fflate'];

/** Packages that only one room may import. */
export const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron'],
  vue: ['renderer'],
  pinia: ['renderer'],
  'reka-ui': ['renderer'],
  'chart.js': ['renderer'],
  'vue-i18n': ['renderer'],
  sharp: ['workers', 'build'],
  h5wasm: ['workers'],
};
