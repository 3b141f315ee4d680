import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { dropFile } from '../fixtures/drop.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';

/** Names that would be harmful as markup, reverse the text direction, or break the line. */
const HOSTILE = ['<img src=x onerror=alert(1)>.png', 'exe\u202egnp.png', 'two\nlines.png'];
const SHOWN = ['<img src=x onerror=alert(1)>.png', 'exe\\u{202e}gnp.png', 'two\\u{a}lines.png'];

let lab: LabServer;
let images: string;
test.beforeEach(async ({ page }) => {
  lab = await LabServer.start();
  images = join(lab.folder, 'images');
  await drawImages(images, 12, 5, ['cats', 'dogs', 'owls']);
  for (const [at, name] of HOSTILE.entries())
    cpSync(join(images, 'owls', `${at}.png`), join(images, 'dogs', name));
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await expect(page.getByTestId(dockTestIds.dataClass(0))).toContainText('cats');
});
test.afterEach(() => lab[Symbol.asyncDispose]());

const total = (page: Page) => page.getByTestId(dockTestIds.imageTotal);
const detail = (page: Page) => page.getByTestId(dockTestIds.imageDetail);

async function openImages(page: Page): Promise<void> {
  await page.getByTestId(dockTestIds.dataView('pictures')).click();
  await expect(total(page)).toHaveText('39 files');
}

async function filterByName(page: Page, text: string): Promise<void> {
  await page.getByTestId(dockTestIds.imageFilter('name')).fill(text);
}

test('a folder is looked through, filtered and walked by keys; hostile names are text', async ({ page }) => {
  await expect(page.getByTestId(dockTestIds.dataClass(0))).toContainText('cats');
  await expect(page.getByTestId(dockTestIds.dataClass(1))).toContainText('15');
  await openImages(page);
  await new SelectBox(page.getByTestId(dockTestIds.imageFilter('class'))).choose({ label: 'cats' });
  await expect(total(page)).toHaveText('12 files');
  await page.getByTestId(dockTestIds.imageCell(0)).click();
  await expect(detail(page)).toContainText('cats/0.png');
  await page.getByTestId(dockTestIds.imageGrid).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId(dockTestIds.imageCell(1))).toHaveAttribute('aria-selected', 'true');
  await expect(detail(page)).not.toContainText('cats/0.png');
  await expect(page.getByTestId(dockTestIds.imageTensor)).toContainText('1 × 28 × 28');
  await station(page, 'pictures-low-dock');

  let asked = 0;
  page.on('dialog', () => (asked += 1));
  await new SelectBox(page.getByTestId(dockTestIds.imageFilter('class'))).choose({ index: 0 });
  for (const [at, shown] of SHOWN.entries()) {
    await filterByName(page, HOSTILE[at]?.slice(0, 3) ?? '');
    await expect(total(page)).toHaveText('1 files');
    await page.getByTestId(dockTestIds.imageCell(0)).click();
    await expect(detail(page)).toContainText(`dogs/${shown}`);
  }
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  expect(asked).toBe(0);
});

test('leaving out and relabelling are undone, redone, saved and read again; the files stay', async ({
  page,
  browser,
}) => {
  const editor = new EditorPage(page);
  const edits = page.getByText(/changed by this project/);
  await openImages(page);
  await filterByName(page, 'cats/1.png');
  await page.getByTestId(dockTestIds.imageCell(0)).click();
  await page.getByTestId(dockTestIds.imageExclude).click();
  await expect(detail(page)).toContainText('Left out by this project.');
  await filterByName(page, 'cats/2.png');
  await page.getByTestId(dockTestIds.imageCell(0)).click();
  await new SelectBox(page.getByTestId(dockTestIds.imageClass)).choose({ label: 'owls' });
  await expect(detail(page)).toContainText('Its folder says cats.');
  await expect(edits).toContainText('2 images');
  await editor.undo();
  await expect(edits).toContainText('1 image ');
  await editor.undo();
  await expect(edits).toHaveCount(0);
  await editor.redo();
  await editor.redo();
  await expect(edits).toContainText('2 images');

  const file = join(lab.folder, 'pets.normlab.json');
  await new FilesPage(page).saveAs(file);
  await expect.poll(() => existsSync(file)).toBe(true);
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: { edits: unknown } };
  expect(data.edits).toEqual({ excluded: ['cats/1.png'], relabelled: { 'cats/2.png': 'owls' } });
  const later = await browser.newPage();
  await later.goto(lab.url);
  await new FilesPage(later).open(file);
  await new EditorPage(later).openDock('data');
  await later.getByTestId(dockTestIds.dataView('pictures')).click();
  await expect(later.getByText(/changed by this project/)).toContainText('2 images');
  await new SelectBox(later.getByTestId(dockTestIds.imageFilter('place'))).choose('excluded');
  await expect(total(later)).toHaveText('1 files');
  await later.close();
  expect(existsSync(join(images, 'cats', '1.png'))).toBe(true);
});

test('a second scan tells what was added; folds are a source of validation; sliders change the preview', async ({
  page,
}) => {
  const editor = new EditorPage(page);
  cpSync(join(images, 'cats', '3.png'), join(images, 'owls', 'new.png'));
  writeFileSync(
    join(images, 'owls', 'torn.png'),
    readFileSync(join(images, 'cats', '3.png')).subarray(0, 50),
  );
  await page.getByTestId(dockTestIds.dataRescan).first().click();
  await expect(page.getByTestId(dockTestIds.dataChanges)).toContainText('Added: 1');

  await page.getByTestId(dockTestIds.validationSource('folds')).click();
  await new SelectBox(page.getByTestId(dockTestIds.foldCount)).choose('4');
  await new SelectBox(page.getByTestId(dockTestIds.foldNumber)).choose('4');
  await new SelectBox(page.getByTestId(dockTestIds.foldCount)).choose('3');
  await expect(page.getByTestId(dockTestIds.foldNumber)).toHaveAttribute('data-value', '3');
  await expect(page.getByTestId(dockTestIds.validationFixed)).toContainText(
    'copies of an image stay on one side',
  );
  await station(page, 'pictures-folds');
  await editor.undo();
  await expect(page.getByTestId(dockTestIds.foldNumber)).toHaveAttribute('data-value', '4');
  for (let step = 0; step < 3; step += 1) await editor.undo();
  await expect(page.getByTestId(dockTestIds.validationShare)).toBeVisible();

  await page.getByTestId(dockTestIds.dataView('augment')).click();
  // The template augments already.
  await expect(page.getByTestId(dockTestIds.augmentTransform('rotate'))).toBeVisible();
  const tiles = page.getByTestId(dockTestIds.augmentTiles);
  const drawn = (): Promise<string[]> =>
    tiles
      .locator('canvas')
      .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  await expect.poll(async () => new Set(await drawn()).size).toBeGreaterThan(2);
  const before = await drawn();
  const slider = page.getByTestId(dockTestIds.augmentTransform('rotate')).getByRole('slider').first();
  await slider.focus();
  for (let press = 0; press < 5; press += 1) await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await drawn()).slice(1).join() !== before.slice(1).join()).toBe(true);
  expect((await drawn())[0]).toBe(before[0]);
  // Any sample, by its number in the run.
  await page.getByTestId(dockTestIds.augmentSample).fill('3');
  await expect.poll(async () => (await drawn())[0] !== before[0]).toBe(true);
  await station(page, 'pictures-augment');
});

test('a folder dropped in a browser, which does not say where it lies, is asked for; a stray file leaves the page alone', async ({
  page,
}) => {
  const address = page.url();
  const panel = page.getByTestId(dockTestIds.dataPanel);
  const picker = page.getByTestId(dockTestIds.fileDialog);
  const other = join(lab.folder, 'other');
  cpSync(join(images, 'cats'), join(other, 'lions'), { recursive: true });
  cpSync(join(images, 'dogs'), join(other, 'wolves'), { recursive: true });
  await dropFile(panel, other, async () => {
    await expect(page.getByTestId(dockTestIds.dataDrop)).toBeVisible();
    await station(page, 'drop-over');
  });
  await expect(page.getByTestId(dockTestIds.fileHint)).toContainText('does not reveal where “other” is');
  await station(page, 'drop-find');
  await new FilePicker(page).choosePath(other);
  await expect(page.getByTestId(dockTestIds.dataClass(0))).toContainText('lions');
  await dropFile(panel, join(images, 'cats', '1.png'));
  await expect(page.getByTestId(testIds.notice)).toContainText('That is a file');
  await expect(picker).toHaveCount(0);
  await dropFile(page.getByTestId(testIds.canvas), join(images, 'cats', '1.png'));
  await expect(page.getByTestId(dockTestIds.dataClass(0))).toContainText('lions');
  expect(page.url()).toBe(address);
});

test('a folder in parts chosen in the Data panel gives both its folders', async ({ page }) => {
  const parts = join(lab.folder, 'parts');
  cpSync(images, join(parts, 'train'), { recursive: true });
  cpSync(images, join(parts, 'val'), { recursive: true });
  await new FilesPage(page).chooseImages(parts);
  await expect(page.getByTestId(dockTestIds.validationRemove)).toBeVisible();
  await expect(page.getByTestId(dockTestIds.dataPath)).toContainText('train');
  await new EditorPage(page).undo();
  await expect(page.getByTestId(dockTestIds.validationShare)).toBeVisible();
});
