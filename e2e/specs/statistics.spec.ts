import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

function weightsHash(): string {
  const runs = join(lab.folder, 'lab-home', 'runs');
  const [run = 'none'] = readdirSync(runs);
  return createHash('sha256')
    .update(readFileSync(join(runs, run, 'checkpoint.safetensors')))
    .digest('hex');
}

/** A template with a BatchNorm block, fitted to three classes of drawn images. */
async function openNetwork(page: Page): Promise<EditorPage> {
  const images = join(lab.folder, 'images');
  await drawImages(images, 40, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  return new EditorPage(page);
}

test('the statistics of a finished run are measured exactly, shown block by block, and put back to the bit', async ({
  page,
}) => {
  const editor = await openNetwork(page);
  await editor.openDock('batchNorm');
  await expect(page.getByTestId(dockTestIds.normPanel)).toContainText('No run with statistics yet');
  await editor.setTraining('epochs', '2');
  await editor.setTraining('batchSize', '16');
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.runStatistics)).toBeVisible({ timeout: 60_000 });

  const trained = weightsHash();
  await page.getByTestId(dockTestIds.runStatistics).click();
  const says = page.getByTestId(dockTestIds.normState);
  await expect(says).toContainText('moving averages of its last batches');
  const block = page.getByTestId(dockTestIds.normBlock('bn1'));
  await expect(block).toBeVisible();
  const former = await block.innerText();
  await expect(page.getByTestId(dockTestIds.normUndo)).toHaveCount(0);
  await station(page, 'statistics-moving');

  await page.getByTestId(dockTestIds.normMeasure).click();
  await expect(page.getByTestId(dockTestIds.normPass)).toContainText('Validation accuracy', {
    timeout: 60_000,
  });
  await expect(page.getByTestId(dockTestIds.normPass)).toContainText('108 images in 6 batches');
  await expect(says).toContainText('exact statistics');
  await expect(page.getByTestId(dockTestIds.normMove('bn1'))).toHaveText(/^0\.\d+ σ$/);
  expect(await block.innerText()).not.toBe(former);
  expect(weightsHash()).not.toBe(trained);
  await station(page, 'statistics-exact');

  // After a reload all of it is still there: it is stored in the checkpoint.
  const told = [await page.getByTestId(dockTestIds.normPass).innerText(), await block.innerText()];
  expect(told[1]).toMatch(/σ · [\d.]+ %/);
  await page.reload();
  await editor.openDock('batchNorm');
  await expect(page.getByTestId(dockTestIds.normPass)).toBeVisible();
  expect([await page.getByTestId(dockTestIds.normPass).innerText(), await block.innerText()]).toEqual(told);

  await page.getByTestId(dockTestIds.normUndo).click();
  await expect(says).toContainText('moving averages of its last batches');
  expect(await block.innerText()).toBe(former);
  expect(weightsHash()).toBe(trained);
});

test('while a run trains its statistics are not measured; the host refuses it too, and the screen says why', async ({
  page,
}) => {
  const editor = await openNetwork(page);
  await editor.setTraining('epochs', '1');
  await new TrainPage(page).confirm();
  await editor.openDock('train');
  await expect(page.getByTestId(dockTestIds.runStatistics)).toBeVisible({ timeout: 60_000 });
  await editor.setTraining('epochs', '100000');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.pause)).toBeEnabled({ timeout: 60_000 });
  await editor.openDock('batchNorm');
  await new SelectBox(page.getByTestId(dockTestIds.normRun)).expectOptions(2, 30_000);
  await expect(page.getByTestId(dockTestIds.normPanel)).toContainText('move with every step');
  await new SelectBox(page.getByTestId(dockTestIds.normRun)).choose({ index: 1 });
  await page.getByTestId(dockTestIds.normMeasure).click();
  await expect(page.getByTestId(dockTestIds.normError)).toContainText('takes the cores');
});
