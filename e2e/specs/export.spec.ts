import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** A run of one epoch of the open network. */
async function trainOnce(page: Page, count: number): Promise<void> {
  await new EditorPage(page).openDock('train');
  await new TrainPage(page).confirm();
  await new EditorPage(page).openDock('export');
  await new SelectBox(page.getByTestId(dockTestIds.exportRun)).expectOptions(count, 60_000);
}

test('the name of an exported file follows run and format, and a file that is there is replaced only when agreed', async ({
  page,
}) => {
  const images = join(lab.folder, 'images');
  await drawImages(images, 20, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await new EditorPage(page).setTraining('epochs', '1');
  await trainOnce(page, 1);

  const name = page.getByTestId(dockTestIds.exportName);
  await page.getByTestId(dockTestIds.exportFormat('safetensors')).click();
  await expect(name).toHaveValue(/\.safetensors$/);
  await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
  await expect(name).toHaveValue(/\.onnx$/);
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).choosePath(lab.folder);
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
  const [file = 'none'] = readdirSync(lab.folder).filter((each) => each.endsWith('.onnx'));
  const first = readFileSync(join(lab.folder, file));

  await trainOnce(page, 2);
  await new SelectBox(page.getByTestId(dockTestIds.exportRun)).choose({ index: 0 });
  await page.getByTestId(dockTestIds.exportFold).click();
  await expect(name).toHaveValue(/ 2\.onnx$/);
  await name.fill(file);
  await page.getByTestId(dockTestIds.exportStart).click();
  const question = page.getByTestId(dockTestIds.exportReplace);
  await expect(question).toContainText(file);
  await station(page, 'export-replace');
  await page.getByTestId(dockTestIds.exportReplaceNo).click();
  await expect(question).toHaveCount(0);
  expect(readFileSync(join(lab.folder, file))).toEqual(first);

  await page.getByTestId(dockTestIds.exportStart).click();
  await page.getByTestId(dockTestIds.exportReplaceYes).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
  await station(page, 'export-done');
  expect(readFileSync(join(lab.folder, file))).not.toEqual(first);
});
