import { join } from 'node:path';
import { expect, test } from '@playwright/test';
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

test('before an export, each BatchNorm is shown with its fold, its findings and the measured error', async ({
  page,
}) => {
  const images = join(lab.folder, 'images');
  await drawImages(images, 20, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('resnet20')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  const editor = new EditorPage(page);
  await editor.block('s2b1bn2').click();
  await page.getByTestId(testIds.param('updateStatistics')).click();
  await editor.setTraining('epochs', '1');
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await editor.openDock('export');
  await new SelectBox(page.getByTestId(dockTestIds.exportRun)).expectOptions(1, 60_000);

  await expect(page.getByTestId(dockTestIds.findingCounts)).toContainText('21 of 21 can be folded');
  await expect(page.getByTestId(dockTestIds.findingCounts)).toContainText('1 warning');
  await expect(page.getByTestId(dockTestIds.finding('never-updated'))).toContainText('s2b1bn2');
  await station(page, 'norm-preview');

  await page.getByTestId(dockTestIds.foldMeasure).click();
  const measured = page.getByTestId(dockTestIds.foldMeasured);
  await expect(measured).toContainText('Same class 100 %', { timeout: 60_000 });
  await expect(page.getByTestId(dockTestIds.foldBlock('bn1'))).toContainText(/conv1.*e-\d/);
  await station(page, 'norm-preview-measured');

  await page.getByTestId(dockTestIds.foldBlock('s3b1bn1')).click();
  await expect(editor.block('s3b1bn1')).toBeInViewport();
  await expect(page.getByTestId(dockTestIds.foldBlock('s3b1bn1'))).toHaveClass(/selected/);

  await page.getByTestId(dockTestIds.exportFold).click();
  await expect(measured).toBeVisible();
});
