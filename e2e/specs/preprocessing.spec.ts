import { join } from 'node:path';
import { readFileSync, existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';

test('crop, given numbers and the order of channels are chosen, undone, told by the plan and saved', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  const images = join(lab.folder, 'images');
  await drawImages(images, 6, 5, ['cats', 'dogs']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('vgg-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await expect(page.getByTestId(dockTestIds.dataClass(0))).toContainText('cats');
  const editor = new EditorPage(page);

  await new SelectBox(page.getByTestId(dockTestIds.dataResize)).choose('crop');
  const words = page.getByTestId(dockTestIds.dataCropWords);
  await expect(words).toContainText('37 × 37');
  const fraction = page.getByTestId(dockTestIds.dataCropFraction);
  await fraction.fill('0.5');
  await fraction.press('Enter');
  await expect(words).toContainText('64 × 64');

  await page.getByTestId(dockTestIds.dataNormalization('fixed')).click();
  await expect(page.getByTestId(dockTestIds.dataMean(0))).toHaveValue('123.675');
  await new SelectBox(page.getByTestId(dockTestIds.dataPreset)).choose('caffe');
  await expect(page.getByTestId(dockTestIds.dataMean(0))).toHaveValue('104');
  await expect(page.getByTestId(dockTestIds.dataChannelOrder)).toContainText('B, G, R');
  await station(page, 'normalization-given');
  const mean = page.getByTestId(dockTestIds.dataMean(2));
  await mean.fill('120.5');
  await mean.press('Enter');
  await expect(page.getByTestId(dockTestIds.dataPreset)).toContainText('Own numbers');
  await editor.undo();
  await expect(mean).toHaveValue('123');
  await expect(page.getByTestId(dockTestIds.dataPreset)).toContainText('Caffe');

  // The images of the grid at the size of the input, with the channels as the network takes them.
  await page.getByTestId(dockTestIds.dataView('pictures')).click();
  await page.getByTestId(dockTestIds.imageCell(0)).click();
  await expect(page.getByTestId(dockTestIds.imageTensor).locator('tbody th')).toHaveText(['B', 'G', 'R']);

  await editor.openDock('train');
  await expect(page.getByTestId(dockTestIds.planRow('resize'))).toContainText('0.5 of the side');
  await expect(page.getByTestId(dockTestIds.planRow('normalization'))).toContainText(
    'channels B, G, R; mean 104, 117, 123',
  );
  const file = join(lab.folder, 'caffe.normlab.json');
  await new FilesPage(page).saveAs(file);
  await expect.poll(() => existsSync(file)).toBe(true);
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: object };
  expect(data).toMatchObject({
    ...{ resize: 'crop', cropFraction: 0.5, channelOrder: 'bgr' },
    normalization: { kind: 'fixed', mean: [104, 117, 123], deviation: [1, 1, 1] },
  });
});

test('numbers for a grey input are an error at a colour input, which is fixed with a click', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  const images = join(lab.folder, 'images');
  await drawImages(images, 6, 5, ['cats', 'dogs']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataNormalization('fixed')).click();
  await expect(page.getByTestId(dockTestIds.dataDeviation(0))).toHaveValue('255');
  await expect(page.getByTestId(dockTestIds.dataChannelOrder)).toHaveCount(0);
  // The images are stored in colour.
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await expect(page.getByTestId(dockTestIds.dataMisfit)).toContainText('has 3 channels');
  await station(page, 'normalization-misfit');
  await page.getByTestId(dockTestIds.dataMisfitFix).click();
  await expect(page.getByTestId(dockTestIds.dataMisfit)).toHaveCount(0);
  await expect(page.getByTestId(dockTestIds.dataDeviation(2))).toHaveValue('255');
  await expect(page.getByTestId(dockTestIds.dataPreset)).toContainText('0 to 1');
});
