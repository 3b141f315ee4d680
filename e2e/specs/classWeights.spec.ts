import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';

test('each class of the folder is given a weight: balanced, changed, refused, undone, saved', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  const images = join(lab.folder, 'images');
  await drawImages(images, 12, 5, ['cats', 'dogs']);
  await drawImages(images, 3, 6, ['owls']);
  const editor = new EditorPage(page);
  const setting = (name: string) => page.getByTestId(testIds.training(name));
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new SelectBox(setting('classWeights')).choose('given');
  await expect(setting('class-weight-Class 10')).toHaveValue('1');
  await expect(setting('class-weights-balance')).toBeDisabled();

  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await editor.openDock('problems');
  await expect(page.getByTestId(testIds.problems)).toContainText('10 class weights');
  await setting('class-weights-fit').click();
  await expect(setting('class-weights-fit')).toHaveCount(0);
  await expect(page.getByTestId(testIds.problems)).not.toContainText('class weights');
  await setting('class-weights-balance').click();
  // One image of each class is used for validation: 11, 11 and 2 for training. 24 / (3 * 11) and 24 / (3 * 2).
  await expect(setting('class-weight-cats')).toHaveValue('0.7273');
  await expect(setting('class-weight-owls')).toHaveValue('4');
  // A run would neither train on images that the project leaves out, nor count them in their old class.
  await editor.openDock('data');
  await page.getByTestId(dockTestIds.dataView('pictures')).click();
  await new SelectBox(page.getByTestId(dockTestIds.imageFilter('class'))).choose({ label: 'owls' });
  await new SelectBox(page.getByTestId(dockTestIds.imageFilter('place'))).choose('train');
  await page.getByTestId(dockTestIds.imageCell(0)).click();
  await page.getByTestId(dockTestIds.imageExclude).click();
  await setting('class-weights-balance').click();
  // One of two owls is still used for validation. 23 / (3 * 11) and 23 / 3.
  await expect(setting('class-weight-owls')).toHaveValue('7.667');
  await expect(setting('class-weight-cats')).toHaveValue('0.697');
  await setting('class-weight-dogs').fill('0');
  await expect(page.getByText('it must be more than 0')).toBeVisible();
  await setting('class-weight-dogs').fill('2.5');
  await setting('class-weight-dogs').press('Enter');
  await setting('class-weights-reset').click();
  await expect(setting('class-weight-dogs')).toHaveValue('1');
  await editor.undo();
  await expect(setting('class-weight-dogs')).toHaveValue('2.5');

  const file = join(lab.folder, 'owls.normlab.json');
  await new FilesPage(page).saveAs(file);
  await expect.poll(() => existsSync(file)).toBe(true);
  const { training } = JSON.parse(readFileSync(file, 'utf8')) as { training: { classWeights: unknown } };
  expect(training.classWeights).toEqual([0.697, 2.5, 7.667]);
});
