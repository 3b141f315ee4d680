import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { NODE_FLAGS } from '../../cli/nodeFlags.mjs';
import { evaluatedImageTestIds as ids } from '../../renderer/testIds/evaluatedImageTestIds.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { plantEvaluation } from '../fixtures/plantedEvaluation.ts';
import { EvaluatePage } from '../pages/evaluatePage.ts';
import { drag, say, tellSize, timed, told, withBrowser } from './watched.ts';

const NORMLAB = fileURLToPath(new URL('../../cli/normlab.mjs', import.meta.url));
const PATIENCE_MS = 180_000;

/**
 * `npx node e2e/bench/evaluationScroll.ts [--images 50000] [--classes 10,1000]`: opens an evaluation of that many
 * images in the Evaluate panel for each number of classes, goes from view to view, scrolls and filters its lists, and
 * prints frame times, long tasks, elements and memory.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: 'string', default: '50000' },
      classes: { type: 'string', default: '10,1000' },
    },
  });
  say(cpus()[0]?.model ?? 'unknown processor');
  for (const classes of values.classes.split(',').map(Number)) await measure(Number(values.images), classes);
}

async function measure(count: number, classes: number): Promise<void> {
  say(`\n${count} images of ${classes} classes`);
  const folder = mkdtempSync(join(tmpdir(), 'normlab-evaluation-'));
  await trainRun(folder);
  await timed('written', () => plantEvaluation(join(folder, 'lab-home', 'runs'), count, classes));
  const lab = await LabServer.startIn(folder);
  try {
    await withBrowser((page) => lookThrough(page, lab.url, count));
  } finally {
    await lab.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A small run in the home of the lab, to which the evaluation belongs. */
async function trainRun(folder: string): Promise<void> {
  const images = join(folder, 'images');
  await drawImages(images, 8, 1);
  const runs = join(folder, 'lab-home', 'runs');
  mkdirSync(runs, { recursive: true });
  const options = ['--template', 'mnist-cnn-bn', '--epochs', '1', '--out', join(runs, 'run')];
  execFileSync(process.execPath, [...NODE_FLAGS, NORMLAB, 'train', '--data', images, ...options], {
    stdio: 'ignore',
  });
}

async function lookThrough(page: Page, url: string, count: number): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  const panel = new EvaluatePage(page);
  await panel.open();
  const figure = panel.figure('accuracy');
  await told(page, 'figures opened', () => timed('figures', () => figure.waitFor()));
  await page.getByTestId(testIds.dockFull).click();
  const total = page.getByTestId(ids.total);
  const list = (key: string) => page.getByTestId(ids.list(key));
  await told(page, 'images opened', () =>
    timed('images', async () => {
      await panel.view('images');
      await page.getByTestId(ids.cell(0)).waitFor();
    }),
  );
  await told(page, 'all images', async () => {
    await list('unsure').click();
    await total.getByText(new RegExp(count.toLocaleString('en'))).waitFor();
  });
  await scroll(page);
  await told(page, 'filtered by name, letter by letter', async () => {
    await page.getByTestId(ids.filter('text')).pressSequentially('kind 7/1', { delay: 80 });
    await page.getByTestId(ids.chip('text')).waitFor();
    await page.getByTestId(ids.cell(0)).waitFor();
  });
  await told(page, 'filter removed', async () => {
    await page.getByTestId(ids.chip('text')).click();
    await total.getByText(new RegExp(count.toLocaleString('en'))).waitFor();
  });
  for (const view of ['confusion', 'images', 'figures', 'confusion', 'figures'] as const)
    await told(page, `to ${view}`, async () => {
      await panel.view(view);
      await shownOf(page, view).waitFor();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
    });
  await tellSize(page);
}

function shownOf(page: Page, view: 'confusion' | 'images' | 'figures') {
  if (view === 'confusion') return page.getByTestId(ids.matrix);
  return view === 'images'
    ? page.getByTestId(ids.cell(0))
    : page.getByTestId(evaluationTestIds.figure('accuracy'));
}

async function scroll(page: Page): Promise<void> {
  const grid = page.getByTestId(ids.grid);
  await grid.hover();
  await told(page, 'wheel, 300 turns of 120 px', async () => {
    for (let turn = 0; turn < 300; turn += 1) await page.mouse.wheel(0, 120);
  });
  for (const [from, to] of [
    [0, 1],
    [1, 0],
  ] as const)
    await told(page, `dragged from ${from * 100} % to ${to * 100} %`, () =>
      grid.evaluate(drag, { from, to }),
    );
}

await main();
