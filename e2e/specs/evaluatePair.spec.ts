import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { pairRecordSchema } from '../../core/evaluation/pairRecord.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { pairTestIds } from '../../renderer/testIds/pairTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { EvaluatePage, keptRecords } from '../pages/evaluatePage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 1280, height: 800 } });

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** Trains a network with BatchNorm on three classes of drawn images. */
async function train(page: Page): Promise<void> {
  const images = join(lab.folder, 'images');
  await drawImages(images, 60, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await page.getByTestId(testIds.projectName).fill('宠物');
  const editor = new EditorPage(page);
  await editor.setTraining('epochs', '1');
  await editor.setTraining('batchSize', '16');
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(evaluationTestIds.runEvaluate)).toBeVisible({ timeout: 120_000 });
}

async function compare(page: Page, preset: string): Promise<void> {
  await new SelectBox(page.getByTestId(pairTestIds.preset)).choose(preset);
  await page.getByTestId(pairTestIds.compare).click();
  await expect(page.getByTestId(pairTestIds.progress)).toHaveCount(0, { timeout: 120_000 });
  await expect(page.getByTestId(pairTestIds.error)).toHaveCount(0);
  await expect(page.getByTestId(pairTestIds.headline)).toBeVisible();
}

async function look(page: Page, theme: string, language: string): Promise<void> {
  await page.getByTestId(testIds.settingsMenu).click();
  await new SelectBox(page.getByTestId(testIds.themeSelect)).choose(theme);
  await new SelectBox(page.getByTestId(testIds.languageSelect)).choose(language);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await page.keyboard.press('Escape');
}

test('two networks of a run are compared; the screen has the numbers of the file', async ({ page }) => {
  await train(page);
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.view('pair');
  await expect(page.getByTestId(pairTestIds.empty)).toContainText('the same network');
  await expect(page.getByTestId(pairTestIds.compare)).toBeDisabled();

  await test.step('folding changes no class', async () => {
    await compare(page, 'folded');
    await expect(page.getByTestId(pairTestIds.headline)).toHaveText(
      'A and B give every image the same class.',
    );
    await expect(page.getByTestId(pairTestIds.facts('B'))).toContainText('BatchNorm folded');
    expect(keptRecords(lab.folder).map(({ model }) => model.folded === true)).toEqual([true, false]);
  });

  await test.step('exact statistics', async () => {
    await compare(page, 'exact');
    await expect(page.getByTestId(pairTestIds.facts('A'))).toContainText('moving averages');
    await expect(page.getByTestId(pairTestIds.facts('B'))).toContainText('exact statistics');
    const out = join(lab.folder, 'out');
    mkdirSync(out);
    await page.getByTestId(pairTestIds.write('tables')).click();
    await page.getByTestId(evaluationTestIds.writeChoose).click();
    await new FilePicker(page).choosePath(out);
    await page.getByTestId(evaluationTestIds.writeName).fill('tables');
    await page.getByTestId(evaluationTestIds.writeStart).click();
    await expect(page.getByTestId(evaluationTestIds.writeDialog)).toHaveCount(0);
    const text = readFileSync(join(out, 'tables', 'pair.json'), 'utf8');
    const { figures } = pairRecordSchema.parse(JSON.parse(text));
    const { both, onlyFirst, onlySecond, neither } = figures.right;
    const cells = page.getByTestId(pairTestIds.right).locator('td');
    await expect(cells).toHaveText([both, onlyFirst, onlySecond, neither].map(String));
    await expect(page.getByTestId(pairTestIds.figures)).toContainText(
      (figures.first.logLoss?.value ?? NaN).toFixed(3),
    );
    await expect(page.getByTestId(pairTestIds.list('onlyFirst'))).toContainText(String(onlyFirst));
  });

  for (const [theme, language] of [
    ['dark', 'en'],
    ['light', 'zh-CN'],
  ] as const) {
    await look(page, theme, language);
    await station(page, `evaluate-pair-${theme}-${language}`);
    await expectAccessible(page, `two models, ${theme}, ${language}`);
  }
  await expectNoEnglish(page, 'two models');
});
