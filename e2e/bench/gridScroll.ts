import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { makeImageTree } from '../../build/bench/data/imageTree.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { drag, tellSize, timed, told, withBrowser } from './watched.ts';

const PATIENCE_MS = 90_000;

/**
 * `npx node e2e/bench/gridScroll.ts [--files 100000] [--keep FOLDER]`: opens a folder of that many images in the Data
 * panel, scrolls its grid with the wheel and by dragging the scroll bar to the end, back and to the end, and prints
 * frame times, long tasks, elements and memory. `--keep` creates the images in the folder once and keeps them.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { files: { type: 'string', default: '100000' }, keep: { type: 'string' } },
  });
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'normlab-grid-'));
  const images = join(folder, 'images');
  if (!existsSync(images)) makeImageTree(images, Number(values.files));
  const lab = await LabServer.startIn(folder);
  try {
    await measure(lab.url, images);
  } finally {
    await lab.kill();
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(url: string, images: string): Promise<void> {
  await withBrowser(async (page) => {
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
    const files = new FilesPage(page);
    await timed('scanned', async () => {
      await files.chooseImages(images);
      await page.getByTestId(dockTestIds.dataClass(0)).waitFor();
    });
    await page.getByTestId(dockTestIds.dataView('pictures')).click();
    await page.getByTestId(testIds.dockFull).click();
    const grid = page.getByTestId(dockTestIds.imageGrid);
    await timed('first thumbnails', () => grid.locator('img').first().waitFor());
    await timed('all in sight', () => allDrawn(page));
    await scrollAround(page, grid);
    await tellSize(page);
  });
}

async function scrollAround(page: Page, grid: Locator): Promise<void> {
  const box = await grid.boundingBox();
  if (box === null) throw new Error('the grid is not in sight');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await told(page, 'wheel, 300 turns of 120 px', async () => {
    for (let turn = 0; turn < 300; turn += 1) await page.mouse.wheel(0, 120);
  });
  await timed('thumbnails after the wheel', () => allDrawn(page));
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [0, 1],
  ] as const)
    await told(page, `dragged from ${from * 100} % to ${to * 100} %`, () =>
      grid.evaluate(drag, { from, to }),
    );
  await timed('thumbnails after the scroll bar', () => allDrawn(page));
}

/** Waits until every visible cell has its image. */
async function allDrawn(page: Page): Promise<void> {
  await page.waitForFunction(
    (id) => {
      const cells = [...document.querySelectorAll(`[data-testid="${id}"] .cell`)];
      return cells.length > 0 && cells.every((cell) => cell.querySelector('img, svg') !== null);
    },
    dockTestIds.imageGrid,
    { polling: 20, timeout: PATIENCE_MS },
  );
}

await main();
