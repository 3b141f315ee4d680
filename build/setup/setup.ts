import type { EngineNeed, EngineProblem } from '#core/contract/engineProblem.ts';
import { describeEngineProblem } from '#workers/native/engineProblem.ts';
import { buildNative } from '../native/buildNative.ts';
import { noteProblem } from '../native/noteProblem.ts';
import { ROOT, say } from './shell.ts';
import { lastLines, log, runLogged, stage, type StageOutcome } from './stage.mjs';
import { makeWhenStale } from './stamp.ts';
import { ensureSystemLibraries, missingLine } from './systemLibraries.ts';
import { commandHere, systemHere, type SystemNeed } from './systemPackages.ts';

/** Folder of the generated sample images; the lab offers them on its welcome page. */
export const SAMPLE_FOLDER = 'build/out/sample-images';

/** Build tools of the native addon. */
const ENGINE_NEEDS: readonly EngineNeed[] = ['onednn', 'cmake', 'compiler'];

export interface SetupWishes {
  /** A browser for the end-to-end tests, or to show the lab without Electron. */
  readonly browser: boolean;
  /** The built screen. */
  readonly screen: boolean;
  /** Without the native engine nothing else is set up. */
  readonly needsEngine?: boolean;
}

export interface SetupResult {
  /** All optional parts are present; the engine counts only when it is required. */
  readonly isReady: boolean;
  readonly hasEngine: boolean;
}

/**
 * Sets up a fresh clone so that the lab runs: system libraries, native engine, sample images, screen; one line each. A
 * stage is skipped when its product exists and its sources did not change. Without the engine the lab still runs, on
 * its slow reference backend, and reports it.
 */
export function setUp(wishes: SetupWishes): SetupResult {
  const began = performance.now();
  const missing = bringSystemLibraries(wishes);
  const hasEngine = stage('native engine', () => makeEngine(missing));
  if (!hasEngine && wishes.needsEngine) return { isReady: false, hasEngine };
  const samples = productStage('sample images', 'samples', ['build/samples'], SAMPLE_FOLDER, makeSamples);
  const sources = ['renderer', 'core', 'build/vite.renderer.config.ts', 'package-lock.json'];
  const screen =
    !wishes.screen || productStage('screen', 'screen', sources, 'renderer/dist/index.html', buildScreen);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const isReady = samples && screen;
  if (isReady && hasEngine) say(`ready in ${seconds} s`);
  else if (isReady)
    say(`ready in ${seconds} s, with the slow reference backend: training takes many times as long`);
  return { isReady, hasEngine };
}

function bringSystemLibraries({ browser }: SetupWishes): readonly SystemNeed[] {
  const needs: SystemNeed[] = [...ENGINE_NEEDS, 'images', ...(browser ? (['browser'] as const) : [])];
  let missing: readonly SystemNeed[] = [];
  stage('system libraries', () => {
    const report = ensureSystemLibraries(needs);
    missing = report.missing;
    if (missing.length > 0) return { problem: missingLine(missing, systemHere(), process.getuid?.() === 0) };
    return report.installed.length === 0 ? 'all there' : `installed ${report.installed.join(', ')}`;
  });
  return missing;
}

/** The engine's problem is also stored where the lab looks for it. */
function makeEngine(missing: readonly SystemNeed[]): StageOutcome {
  const needs = ENGINE_NEEDS.filter((need) => missing.includes(need));
  if (needs.length > 0) return engineProblem({ cause: 'missing-needs', needs, install: commandHere(needs) });
  let problem: EngineProblem | null = null;
  let word = 'up to date';
  makeWhenStale(
    // Another stamp once the image libraries are installed, so that they are built in.
    missing.includes('images') ? 'native' : 'native-images',
    ['workers/native', 'build/native'],
    'workers/native/build/normlab_native.node',
    () => {
      const build = buildNative(log);
      if ('problem' in build) problem = build.problem;
      else word = build.hasImageAddon ? 'built' : 'built; images are decoded by sharp, which is slower';
      return problem === null;
    },
  );
  return problem === null ? engineIsThere(word) : engineProblem(problem);
}

function engineProblem(problem: EngineProblem): StageOutcome {
  noteProblem(problem);
  return { problem: describeEngineProblem(problem) };
}

function engineIsThere(word: string): StageOutcome {
  noteProblem(null);
  return word;
}

/** A stage that is up to date while its product exists and the files under `sources` did not change. */
export function productStage(
  title: string,
  name: string,
  sources: readonly string[],
  product: string,
  make: () => StageOutcome,
): boolean {
  return stage(title, () => {
    let outcome: StageOutcome = 'up to date';
    makeWhenStale(name, sources, product, () => typeof (outcome = make()) === 'string');
    return outcome;
  });
}

/** Runs a TypeScript file of the project under this Node, with its output in the log. */
export function runStep(word: string, file: string, args: readonly string[] = []): StageOutcome {
  const { status, output } = runLogged(process.execPath, [file, ...args]);
  return status === 0 ? word : { problem: lastLines(output, 15) };
}

function makeSamples(): StageOutcome {
  return runStep('drawn', 'build/samples/makeSampleImages.ts', [`${ROOT}${SAMPLE_FOLDER}`]);
}

function buildScreen(): StageOutcome {
  const args = ['build', '--config', 'build/vite.renderer.config.ts', '--logLevel', 'warn'];
  return runStep('built', 'node_modules/vite/bin/vite.js', args);
}
