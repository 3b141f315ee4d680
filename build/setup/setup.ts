import { ensureSystemLibraries } from './systemLibraries.ts';
import { ROOT, runNode, say } from './shell.ts';
import { makeWhenStale } from './stamp.ts';
import type { SystemNeed } from './systemPackages.ts';

/** Where the generated sample images lie; the lab offers them on its welcome page. */
export const SAMPLE_FOLDER = 'build/out/sample-images';

/** What the native addon is built with. */
const BUILD_NEEDS: readonly SystemNeed[] = ['onednn', 'cmake', 'compiler'];
/** What only makes it faster. */
const BUILD_WISHES: readonly SystemNeed[] = ['images'];

export interface SetupWishes {
  /** A browser for the end-to-end tests, or to show the lab without Electron. */
  readonly browser: boolean;
  /** The built screen. */
  readonly screen: boolean;
}

/**
 * Brings a fresh clone to a state in which the lab runs: system libraries, native addon, screen, sample images. Every step is
 * skipped when its product is there and its sources did not change. Without oneDNN the lab still runs, on its slow reference backend.
 */
export function setUp(wishes: SetupWishes): boolean {
  const began = performance.now();
  const missing = ensureSystemLibraries([
    ...BUILD_NEEDS,
    ...BUILD_WISHES,
    ...(wishes.browser ? (['browser'] as const) : []),
  ]);
  const canBuild = !missing.some((need) => BUILD_NEEDS.includes(need));
  const native =
    canBuild &&
    makeWhenStale(
      // Another stamp once the wishes are fulfilled, so that they are built in.
      missing.includes('images') ? 'native' : 'native-images',
      ['workers/native', 'build/native'],
      'workers/native/build/normlab_native.node',
      buildNative,
    );
  if (!native)
    say('the native addon is not built: training will run on the reference backend, which is slow');
  const samples = makeWhenStale('samples', ['build/samples'], SAMPLE_FOLDER, makeSamples);
  const screen =
    !wishes.screen ||
    makeWhenStale(
      'screen',
      ['renderer', 'core', 'build/vite.renderer.config.ts', 'package-lock.json'],
      'renderer/dist/index.html',
      buildScreen,
    );
  if (!screen) say('building the screen failed: see the lines above');
  say(`ready in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return samples && screen;
}

function buildNative(): boolean {
  say('building the native addon over oneDNN');
  return runNode('build/native/buildNative.ts') === 0;
}

function makeSamples(): boolean {
  say(`drawing sample images into ${SAMPLE_FOLDER}`);
  return runNode('build/samples/makeSampleImages.ts', [`${ROOT}${SAMPLE_FOLDER}`]) === 0;
}

function buildScreen(): boolean {
  say('building the screen');
  return (
    runNode('node_modules/vite/bin/vite.js', [
      'build',
      '--config',
      'build/vite.renderer.config.ts',
      '--logLevel',
      'warn',
    ]) === 0
  );
}
