import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { cloneRuns, curveEvents } from '../fixtures/clonedRuns.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { ChartsPage } from '../pages/chartsPage.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ viewport: { width: 1280, height: 800 } });

const NAMES = [
  'Small CNN with BatchNorm 2',
  'Small CNN with BatchNorm 3',
  'Small CNN with BatchNorm 14',
  'birds, augmented, cosine schedule',
  'a run of a very long name that fits nowhere 7',
  '小型卷积网络 3',
  'lr 0.3',
];
/** Of the last clone: from this step on its loss is not finite. */
const DIVERGES_AT = 70;

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** A run of one epoch, on the screen; resolves when it has ended. */
async function trainBriefly(page: Page): Promise<EditorPage> {
  const images = join(lab.folder, 'images');
  await drawImages(images, 24, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  const editor = new EditorPage(page);
  await editor.setTraining('epochs', '1');
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.runStatistics)).toBeVisible({ timeout: 60_000 });
  return editor;
}

/** Seven runs beside the one just trained; returns their ids, oldest first. */
async function addSevenRuns(page: Page): Promise<string[]> {
  const clones = NAMES.map((name, index) => ({
    name,
    isFinished: index !== 5,
    events: curveEvents({
      steps: 120 + 20 * index,
      stepsPerEpoch: 20,
      pace: 0.7 + 0.13 * index,
      ...(index === 6 ? { divergesAt: DIVERGES_AT } : {}),
    }),
  }));
  const ids = cloneRuns(join(lab.folder, 'lab-home', 'runs'), clones);
  await page.reload();
  await new EditorPage(page).openDock('train');
  await showRunList(page);
  return ids;
}

/** Opens the list of runs and unticks the project's run, which is drawn automatically, so that no run is drawn. */
async function showRunList(page: Page): Promise<void> {
  await page.getByTestId(dockTestIds.runTab('runs')).click();
  const ticked = page.getByTestId(dockTestIds.runList).getByRole('checkbox', { checked: true });
  await expect(ticked).toHaveCount(1);
  await ticked.uncheck();
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxesOf(locator: Locator): Promise<Box[]> {
  const boxes = await Promise.all((await locator.all()).map((each) => each.boundingBox()));
  return boxes.filter((box) => box !== null);
}

function meet(a: Box, b: Box): boolean {
  const slack = 0.5;
  const isBeside = a.x + a.width <= b.x + slack || b.x + b.width <= a.x + slack;
  return !isBeside && a.y + a.height > b.y + slack && b.y + b.height > a.y + slack;
}

function expectApart(boxes: readonly Box[]): void {
  for (const [i, box] of boxes.entries()) {
    for (const other of boxes.slice(0, i)) expect(meet(box, other), JSON.stringify([box, other])).toBe(false);
  }
}

test('seven runs at 1280: the legend is readable, colours are the runs’ own, the crosshair tells all', async ({
  page,
}) => {
  await trainBriefly(page);
  const charts = new ChartsPage(page);
  const ids = await addSevenRuns(page);
  for (const id of ids) await charts.tick(id);

  await test.step('names and swatches stand apart, and each name keeps room', async () => {
    const items = charts.legendItems();
    await expect(items).toHaveCount(7);
    expectApart(await boxesOf(items));
    expectApart(await boxesOf(items.locator('i, .name, button')));
    for (const { width } of await boxesOf(items.locator('.name'))) expect(width).toBeGreaterThan(20);
    for (const name of NAMES) await expect(charts.legend().getByTitle(name, { exact: true })).toBeVisible();
    for (const item of await items.all()) await expect(item).toBeInViewport({ ratio: 1 });
    await station(page, 'charts-seven');
  });

  const colors = await charts.colors();
  await test.step('colours stay, in whatever order runs are ticked and after a reload', async () => {
    expect(new Set(colors.values()).size).toBe(7);
    for (const id of ids) await charts.untick(id);
    for (const id of ids.toReversed()) await charts.tick(id);
    expect(await charts.colors()).toEqual(colors);
    await page.reload();
    await new EditorPage(page).openDock('train');
    await showRunList(page);
    for (const id of [...ids.slice(3), ...ids.slice(0, 3)]) await charts.tick(id);
    expect(await charts.colors()).toEqual(colors);
  });

  await test.step('values at the crosshair: smoothed, raw, the last validation with its epoch', async () => {
    await charts.hover('loss', 0.5);
    const reading = charts.reading('loss');
    await expect(reading).toContainText('smoothed');
    await expect(reading).toContainText('raw');
    await expect(reading.locator('tbody tr')).toHaveCount(7);
    // Half of 220 steps is 110: five epochs of 20 had been validated.
    const row = reading.locator('tbody tr').filter({ hasText: NAMES[3] ?? 'none' });
    await expect(row).toContainText('epoch 5');
    const inside = await reading.boundingBox();
    expect(inside?.y ?? -1).toBeGreaterThanOrEqual(0);
    expect((inside?.x ?? 0) + (inside?.width ?? Infinity)).toBeLessThanOrEqual(1280);
    await station(page, 'charts-reading');
  });

  await test.step('a loss that is not finite is marked with its step', async () => {
    await expect(page.getByTestId(dockTestIds.chartNotFinite('loss'))).toHaveText(
      `lr 0.3: not finite at step ${DIVERGES_AT}`,
    );
  });

  await test.step('the image is large and says all by itself', async () => {
    const { name, width, height } = await charts.savePng('loss');
    expect(name).toBe('7 runs loss.png');
    expect(width).toBe(1920);
    expect(height).toBeGreaterThan(1000);
  });
});

test('zooming: along x all charts, along y the one; each chart is reset by itself', async ({ page }) => {
  await trainBriefly(page);
  const charts = new ChartsPage(page);
  const [id = 'none'] = await addSevenRuns(page);
  await charts.tick(id);
  const still = await charts.settledImage('accuracy');

  await charts.drag('loss', { x: 0.5, y: 0.3 }, { x: 0.51, y: 0.7 });
  await expect(page.getByTestId(dockTestIds.chartReset('loss'))).toBeVisible();
  await expect(page.getByTestId(dockTestIds.chartReset('accuracy'))).toHaveCount(0);
  await charts.leave();
  // No change at all, neither of its values nor of its position.
  expect((await charts.settledImage('accuracy')) === still).toBe(true);

  await charts.drag('loss', { x: 0.3, y: 0.5 }, { x: 0.6, y: 0.51 });
  await charts.leave();
  await expect.poll(async () => (await charts.picture('accuracy')) === still).toBe(false);
  await expect(page.getByTestId(dockTestIds.chartReset('accuracy'))).toBeVisible();

  await page.getByTestId(dockTestIds.chartReset('accuracy')).click();
  await charts.leave();
  await expect.poll(async () => (await charts.picture('accuracy')) === still).toBe(true);
  // The loss chart is still zoomed along its own y axis.
  await page.getByTestId(dockTestIds.chartReset('loss')).click();
  await expect(page.getByTestId(dockTestIds.resetZoom)).toBeDisabled();
});

test('a run that was stopped stands at the epochs it made; its numbers as a file have steps and epochs', async ({
  page,
}) => {
  await trainBriefly(page);
  const charts = new ChartsPage(page);
  const events = curveEvents({ steps: 15, stepsPerEpoch: 20, pace: 1 });
  const runs = join(lab.folder, 'lab-home', 'runs');
  const [id = 'none'] = cloneRuns(runs, [{ name: 'stopped', isFinished: false, events }]);
  await page.reload();
  await new EditorPage(page).openDock('train');
  await showRunList(page);
  await charts.tick(id);
  await page.getByTestId(dockTestIds.axis('epoch')).click();
  await charts.hover('loss', 0.98);
  await expect(charts.reading('loss')).toContainText(/epoch 0\.7\d/);

  const download = page.waitForEvent('download');
  await page.getByTestId(dockTestIds.saveCsv).click();
  const lines = readFileSync(await (await download).path(), 'utf8').split('\r\n');
  expect(lines[0]).toMatch(/^run,kind,step,epoch,/);
  expect(lines[15]).toMatch(/^"stopped",step,15,0\.75,/);
});

test('all columns of a measurement are in sight at 1280, and a row leads to its block, by keys too', async ({
  page,
}) => {
  const editor = await trainBriefly(page);
  await page.getByTestId(dockTestIds.runStatistics).click();
  await page.getByTestId(dockTestIds.normMeasure).click();
  await expect(page.getByTestId(dockTestIds.normUndo)).toBeVisible({ timeout: 60_000 });
  const table = page.getByTestId(dockTestIds.normTable);
  for (const head of await table.locator('thead th').all()) await expect(head).toBeInViewport({ ratio: 1 });
  const frame = await table.locator('..').evaluate((box) => box.scrollWidth - box.clientWidth);
  expect(frame).toBeLessThanOrEqual(0);
  await station(page, 'statistics-columns');

  await editor.deselect();
  await page.getByTestId(testIds.dockFull).click();
  await page.getByTestId(dockTestIds.normBlock('bn1')).getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(editor.block('bn1')).toBeInViewport();
  await expect(page.getByTestId(dockTestIds.normBlock('bn1')).getByRole('button')).toHaveAttribute(
    'aria-current',
    'true',
  );
  await expect(page.getByTestId(testIds.param('decay'))).toBeVisible();
  await editor.deselect();
  await page.getByTestId(dockTestIds.normBlock('bn1')).locator('td').first().click();
  await expect(page.getByTestId(testIds.param('decay'))).toBeVisible();
});

test('a number field takes 1,000 and refuses 1,5 with its reason', async ({ page }) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  const field = page.getByTestId(testIds.training('batchSize'));
  await field.fill('');
  await field.pressSequentially('1,000');
  await field.press('Enter');
  await expect(field).toHaveValue('1000');
  await field.fill('');
  await field.pressSequentially('1,5');
  await expect(page.getByRole('alert')).toContainText('A comma separates thousands');
  await field.press('Tab');
  await expect(field).toHaveValue('1000');
  await expect(page.getByRole('alert')).toContainText('“1,5” was not taken');
});
