import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { must } from '../../core/diagnostics/invariantError.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { evaluatedImageTestIds as ids } from '../../renderer/testIds/evaluatedImageTestIds.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { docImage } from '../fixtures/docImage.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { plantEvaluation, readPlainImages, type PlainImage } from '../fixtures/plantedEvaluation.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { EvaluatePage } from '../pages/evaluatePage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 1280, height: 800 } });
test.setTimeout(400_000);

const CLASSES = ['cats', 'dogs', 'owls'];
let lab: LabServer;
let editor: EditorPage;
const runs = (): string => join(lab.folder, 'lab-home', 'runs');

/** Trains a network on three classes of drawn images, of which some are in the folder of another class. */
test.beforeEach(async ({ page }) => {
  lab = await LabServer.start();
  const images = join(lab.folder, 'images');
  await drawImages(images, 40, 5, CLASSES);
  for (let k = 0; k < 10; k += 1)
    renameSync(join(images, 'cats', `${k}.png`), join(images, 'dogs', `moved-${k}.png`));
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  editor = new EditorPage(page);
  await page.getByTestId(testIds.projectName).fill('宠物');
  await editor.setTraining('epochs', '2');
  await editor.setTraining('batchSize', '16');
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(evaluationTestIds.runEvaluate)).toBeVisible({ timeout: 400_000 });
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** Evaluates the training part and gives its images, recomputed from the logits. */
async function evaluate(page: Page): Promise<PlainImage[]> {
  const panel = new EvaluatePage(page);
  await panel.open();
  await new SelectBox(page.getByTestId(evaluationTestIds.source)).choose('train');
  await panel.evaluate();
  const folder = join(runs(), must(readdirSync(runs())[0], 'a run'), 'evaluations');
  return readPlainImages(join(folder, must(readdirSync(folder)[0], 'an evaluation')));
}

const total = (page: Page) => page.getByTestId(ids.total);
const file = (page: Page) => page.getByTestId(ids.file);
const reading = (page: Page) => page.getByTestId(ids.matrixReading);

/** Files of the list, in its order. */
async function listed(page: Page): Promise<string[]> {
  const names = await page
    .getByTestId(ids.grid)
    .getByRole('option')
    .evaluateAll((cells) =>
      cells
        .toSorted((a, b) => Number(a.getAttribute('data-number')) - Number(b.getAttribute('data-number')))
        .map((cell) => (cell.getAttribute('title') ?? '').split(': ')[0] ?? ''),
    );
  return names;
}

/** The files of a cell of the matrix, the most wrong or the surest first. */
function filesOf(images: readonly PlainImage[], truth: number, decided: number): string[] {
  const sign = truth === decided ? 1 : -1;
  return images
    .filter((image) => image.truth === truth && image.decided === decided)
    .toSorted((a, b) => sign * (a.logLoss - b.logLoss))
    .map((image) => image.file);
}

/** The opened image shows its classes in the order of their logits, which are those of the file. */
async function expectLogits(page: Page, images: readonly PlainImage[]): Promise<void> {
  const name = await file(page).innerText();
  const { logits } = must(
    images.find((image) => image.file === name),
    name,
  );
  const wanted = logits
    .map((logit, k) => ({ name: CLASSES[k] ?? '', logit }))
    .toSorted((a, b) => b.logit - a.logit);
  const rows = page.getByTestId(ids.top).locator('tbody tr');
  await expect(rows.locator('th')).toContainText(wanted.map((each) => each.name));
  await expect(rows.locator('td:last-child')).toHaveText(
    wanted.map(({ logit }) => String(Number(logit.toPrecision(4)))),
  );
}

/** Points at a cell of the matrix of three classes, whose cells have their largest size; then clicks. */
async function clickCell(page: Page, row: number, column: number, title: string): Promise<void> {
  const box = must(await page.getByTestId(ids.matrix).boundingBox(), 'the matrix');
  const [x, y] = [box.x + 44 + 84 * (column + 0.5), box.y + 22 + 40 * (row + 0.5)];
  await page.mouse.move(x, y);
  await expect(reading(page)).toContainText(title);
  await page.mouse.click(x, y);
}

test('a cell lists exactly its images; one is relabelled, one left out, both undone', async ({ page }) => {
  const images = await evaluate(page);
  const panel = new EvaluatePage(page);
  const wrong = filesOf(images, 1, 0);
  expect(wrong.length, 'images of dogs that were given cats').toBeGreaterThan(0);

  await test.step('the pointer, the pairs and the keyboard lead to the same images', async () => {
    await panel.view('confusion');
    await clickCell(page, 1, 0, 'dogs → cats');
    await expect(total(page)).toHaveText(`${wrong.length} image${wrong.length === 1 ? '' : 's'}`);
    await expect.poll(() => listed(page)).toEqual(wrong);
    await panel.view('confusion');
    await page.getByTestId(ids.matrix).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(reading(page)).toContainText('dogs → cats');
    await page.keyboard.press('Enter');
    await expect.poll(() => listed(page)).toEqual(wrong);
    await panel.view('confusion');
    await clickCell(page, 2, 2, 'owls, right');
    await expect(total(page)).toHaveText(`${filesOf(images, 2, 2).length} images`);
    await expect(page.getByTestId(ids.list('sure'))).toHaveAttribute('aria-checked', 'true');
    expect(filesOf(images, 2, 2).slice(0, 6)).toEqual((await listed(page)).slice(0, 6));
  });

  await test.step('filters are chips that can be removed', async () => {
    await page.getByTestId(ids.chip('decided')).click();
    await page.getByTestId(ids.chip('truth')).click();
    const right = images.filter((image) => image.truth === image.decided).length;
    await expect(total(page)).toHaveText(`${right} images`);
    await page.getByTestId(ids.list('unsure')).click();
    await expect(total(page)).toHaveText(`${images.length} images`);
    await page.getByTestId(ids.filter('text')).fill('moved-');
    const moved = images.filter((image) => image.file.includes('moved-')).length;
    await expect(total(page)).toHaveText(`${moved} images`);
    await page.getByTestId(ids.chip('text')).click();
    await new SelectBox(page.getByTestId(ids.filter('truth'))).choose({ label: 'owls' });
    await expect(total(page)).toHaveText(`${images.filter((image) => image.truth === 2).length} images`);
    await page.getByTestId(ids.chip('truth')).click();
  });

  await test.step('an image is opened, relabelled and left out by keys alone', async () => {
    await page.getByTestId(ids.list('wrong')).click();
    await expect(page.getByTestId(ids.cell(0))).toBeVisible();
    await page.getByTestId(ids.grid).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const [first = '', second = ''] = await listed(page);
    await expect(file(page)).toHaveText(first);
    await page.keyboard.press('ArrowRight');
    await expect(file(page)).toHaveText(second);
    await expectLogits(page, images);
    await page.getByTestId(ids.previous).focus();
    await page.keyboard.press('Enter');
    await expect(file(page)).toHaveText(first);
    await expect(page.getByTestId(ids.relabel)).toBeEnabled();
    await page.getByTestId(ids.relabel).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId(ids.relabel)).toContainText('owls');
    await page.getByTestId(ids.next).focus();
    await page.keyboard.press('Enter');
    await expect(file(page)).toHaveText(second);
    await page.getByTestId(ids.leaveOut).focus();
    await page.keyboard.press('Space');
    await expect(page.getByTestId(ids.detail)).toContainText('Left out by this project');
    await station(page, 'evaluated-edited');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId(ids.detail)).toHaveCount(0);

    await editor.openDock('data');
    await page.getByTestId(dockTestIds.dataView('pictures')).click();
    await expect(page.getByText(/changed by this project/)).toContainText('2 images');
    await editor.undo();
    await expect(page.getByText(/changed by this project/)).toContainText('1 image ');
    await editor.undo();
    await expect(page.getByText(/changed by this project/)).toHaveCount(0);
    expect(existsSync(join(lab.folder, 'images', first))).toBe(true);
  });

  await test.step('an image is sent to the picture view', async () => {
    await panel.open();
    await page.getByTestId(ids.cell(0)).click();
    await page.getByTestId(ids.tryIt).click();
    await expect(page.getByTestId(evaluationTestIds.view('picture'))).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });
});

test('images of another folder can be looked at, not relabelled', async ({ page }) => {
  const other = join(lab.folder, 'other');
  await drawImages(other, 6, 9, CLASSES);
  mkdirSync(join(lab.folder, 'out'));
  await evaluate(page);
  await new FilesPage(page).chooseImages(other);
  await new EvaluatePage(page).open();
  await new EvaluatePage(page).view('images');
  await page.getByTestId(ids.cell(0)).click();
  await expect(page.getByTestId(ids.refusal)).toContainText('training folder of the open project only');
  await expect(page.getByTestId(ids.relabel)).toBeDisabled();
  await expect(page.getByTestId(ids.leaveOut)).toBeDisabled();
});

test('200 classes: zoomed, searched, ordered; a class and its images are found', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await plantEvaluation(runs(), 4000, 200);
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.view('confusion');
  await page.getByTestId(testIds.dockFull).click();
  const matrix = page.getByTestId(ids.matrix);
  await expect(matrix).toHaveAttribute('data-zoom', '1.00');
  await station(page, 'confusion-200');
  // The search is fuzzy: 1 and 5 in this order.
  await page.getByTestId(ids.matrixSearch).fill('kind 15');
  await expect(page.getByTestId(ids.matrixFound)).toHaveText('1 of 20');
  await expect(page.getByTestId(ids.pairs)).toContainText('Confused with kind 15');
  for (let step = 0; step < 3; step += 1) await page.getByTestId(ids.matrixZoomIn).click();
  await expect(matrix).not.toHaveAttribute('data-zoom', '1.00');
  await page.getByTestId(ids.matrixSearch).press('Enter');
  await expect(page.getByTestId(ids.matrixFound)).toHaveText('2 of 20');
  await expect(page.getByTestId(ids.pairs)).toContainText('Confused with kind 150');
  await station(page, 'confusion-200-found');

  await matrix.hover();
  await page.mouse.wheel(0, -600);
  await expect(reading(page)).toContainText('kind');
  await station(page, 'confusion-200-near');
  await page.getByTestId(ids.matrixFit).click();
  await expect(matrix).toHaveAttribute('data-zoom', '1.00');
  await new SelectBox(page.getByTestId(ids.matrixOrder)).choose('confusion');
  await page.getByTestId(ids.matrixSearch).fill('');
  await station(page, 'confusion-200-clustered');
  await page.getByTestId(ids.matrixCopy).click();
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  expect(csv.trimEnd().split('\r\n')).toHaveLength(201);

  await page.getByTestId(ids.pairSort('share')).click();
  const pair = page.getByTestId(ids.pair(0));
  const name = await pair.innerText();
  await pair.click();
  await expect(page.getByTestId(ids.chip('truth'))).toContainText(name);
  await expect(total(page)).toHaveText(/^[1-9]\d* images?$/);
  await page.getByTestId(ids.chip('truth')).click();
  await page.getByTestId(ids.chip('decided')).click();
  await page.getByTestId(ids.grid).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(ids.detail)).toContainText('The file is gone');
  expect(await page.getByTestId(ids.grid).getByRole('option').count()).toBeLessThan(150);
});

const MANY = 50_000;

test('fifty thousand images: only visible cells are mounted, and only visible pages are asked for', async ({
  page,
}) => {
  await plantEvaluation(runs(), MANY, 10);
  const asked: { from: number; text: string | null }[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const call = JSON.parse(String(payload)) as { method?: string; params?: Record<string, unknown> };
      if (call.method !== 'evaluation.images') return;
      const { from, query } = call.params as { from: number; query: { text: string | null } };
      asked.push({ from, text: query.text });
    }),
  );
  await page.reload();
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.view('images');
  await page.getByTestId(testIds.dockFull).click();
  await page.getByTestId(ids.list('unsure')).click();
  await expect(total(page)).toHaveText('50,000 images');
  const cells = page.getByTestId(ids.grid).getByRole('option');
  const mounted = async (): Promise<number> => {
    const count = await cells.count();
    expect(count).toBeGreaterThan(0);
    return count;
  };
  expect(await mounted()).toBeLessThan(120);
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
  const atFirst = await elements();

  // From the top to the end in 40 steps: pages that are passed are not all asked for.
  await page.getByTestId(ids.grid).evaluate(async (grid) => {
    for (let step = 1; step <= 40; step += 1) {
      grid.scrollTop = (grid.scrollHeight * step) / 40;
      await new Promise(requestAnimationFrame);
    }
  });
  await expect(page.getByTestId(ids.cell(MANY - 1))).toBeVisible();
  await expect(page.getByTestId(ids.cell(MANY - 1))).toHaveAttribute('title', /\.png/);
  expect(await mounted()).toBeLessThan(120);
  expect(await elements()).toBeLessThan(atFirst + 600);
  expect(asked.length).toBeLessThan(60);
  expect(asked.some(({ from }) => from === MANY - 200)).toBe(true);

  const before = asked.length;
  await page.getByTestId(ids.filter('text')).fill('kind 7/');
  await expect(total(page)).toHaveText(/^[1-9],\d{3} images$/);
  await expect(page.getByTestId(ids.cell(0))).toHaveAttribute('title', /^kind 7\//);
  expect(asked.slice(before).every(({ from, text }) => from === 0 && text === 'kind 7/')).toBe(true);
  expect(await mounted()).toBeLessThan(120);
});

async function look(page: Page, theme: string, language: string): Promise<void> {
  await page.getByTestId(testIds.settingsMenu).click();
  await new SelectBox(page.getByTestId(testIds.themeSelect)).choose(theme);
  await new SelectBox(page.getByTestId(testIds.languageSelect)).choose(language);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await page.keyboard.press('Escape');
}

test('in both themes and both languages, narrow and wide, low and high', async ({ page }) => {
  await evaluate(page);
  const panel = new EvaluatePage(page);
  await panel.view('confusion');
  await look(page, 'dark', 'en');
  await station(page, 'confusion-low-dark');
  await expectAccessible(page, 'confusion, dark, low');
  await panel.view('images');
  await page.getByTestId(ids.cell(0)).click();
  await expect(page.getByTestId(ids.detail).locator('img')).toBeVisible();
  await station(page, 'evaluated-low-dark');
  await expectAccessible(page, 'images, dark, low');
  await page.getByTestId(testIds.dockFull).click();
  await look(page, 'light', 'en');
  await docImage(page, 'evaluation-images');
  await expectAccessible(page, 'images, light, full');
  await look(page, 'light', 'zh-CN');
  await expectNoEnglish(page, 'evaluated');
  await panel.view('confusion');
  await page.getByTestId(ids.matrix).hover();
  await expectNoEnglish(page, 'confusion');
  await page.setViewportSize({ width: 2560, height: 1300 });
  await station(page, 'confusion-wide-zh');
  await look(page, 'dark', 'en');
  await station(page, 'confusion-wide-dark');
  await panel.view('images');
  await page.getByTestId(ids.cell(0)).click();
  await station(page, 'evaluated-wide-dark');
  await page.setViewportSize({ width: 1280, height: 800 });
  await panel.view('confusion');
  await look(page, 'light', 'en');
  await page.getByTestId(ids.matrix).hover();
  await docImage(page, 'evaluation-confusion');
  await expectAccessible(page, 'confusion, light, full');
});
