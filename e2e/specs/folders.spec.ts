import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
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

/** Twenty-four images of six patients in one folder, beside a table whose class column has an unusual name. */
async function drawTable(folder: string): Promise<void> {
  await drawImages(join(folder, 'drawn'), 12, 5, ['cats', 'dogs']);
  const rows = ['cats', 'dogs'].flatMap((name) =>
    readdirSync(join(folder, 'drawn', name)).map((file, at) => {
      const moved = `p${at % 6}_${name[0] ?? ''}${file}`;
      renameSync(join(folder, 'drawn', name, file), join(folder, moved));
      return `${moved},640,${name}`;
    }),
  );
  writeFileSync(join(folder, 'labels.csv'), `photo,width,species\n${rows.join('\n')}\n`);
}

test('the columns of a table and the groups are chosen on the screen, and the plan tells them', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  const images = join(lab.folder, 'images');
  mkdirSync(images);
  await drawTable(images);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await expect(page.getByTestId(dockTestIds.dataError)).toContainText(
    'its header is “photo, width, species”',
  );
  await station(page, 'table-columns-asked');
  await new SelectBox(page.getByTestId(dockTestIds.dataColumn('labelColumn'))).choose('species');
  await expect(page.getByTestId(dockTestIds.dataImages)).toHaveText('24');
  await expect(page.getByTestId(dockTestIds.dataClass(1))).toContainText('dogs');
  await expect(page.getByTestId(dockTestIds.dataTable)).toContainText('labels.csv');

  await new SelectBox(page.getByTestId(dockTestIds.groupKind)).choose('pattern');
  const pattern = page.getByTestId(dockTestIds.groupPattern);
  await pattern.fill('(p');
  await expect(page.getByText('The pattern cannot be used')).toBeVisible();
  await pattern.fill('(p\\d)_');
  await pattern.press('Tab');
  await station(page, 'groups-by-pattern');
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.planRow('groups'))).toContainText('1 of 6 validate');
  await expect(page.getByTestId(dockTestIds.planRow('table'))).toContainText('classes in “species”');
  await expect(page.getByTestId(dockTestIds.planRow('colour'))).toBeVisible();
  await station(page, 'plan-of-data');
  // One undo step removes the pattern.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId(dockTestIds.planRow('groups'))).toHaveCount(0);
});

test('a set in parts is taken apart with a word, and unclear parts are asked for', async ({ page }) => {
  await using lab = await LabServer.start();
  const [set, folds] = [join(lab.folder, 'set'), join(lab.folder, 'folds')];
  for (const [folder, seed] of [
    ['set/training_set', 1],
    ['set/test_set', 50],
    ['folds/a', 90],
    ['folds/b', 120],
  ] as const)
    await drawImages(join(lab.folder, folder), 4, seed, ['cats', 'dogs']);
  mkdirSync(join(set, 'runs'));
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  const files = new FilesPage(page);
  await files.chooseImages(set);
  await files.expectNotice('“training_set” is for training, “test_set” for validation. Left out: runs.');
  await expect(page.getByTestId(dockTestIds.dataPath)).toContainText('training_set');
  await expect(page.getByTestId(dockTestIds.dataImages)).toHaveText('8');
  await files.chooseImages(folds);
  await expect(page.getByTestId(dockTestIds.dataError)).toContainText('look like the parts of a data set');
  await station(page, 'parts-unclear');
  await page.getByTestId(dockTestIds.dataAsClasses).click();
  await expect(page.getByTestId(dockTestIds.dataImages)).toHaveText('16');
});
