import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import sharp from 'sharp';
import { serializeDocument } from '../../core/document/serialize.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { doubtTestIds } from '../../renderer/testIds/doubtTestIds.ts';
import { evaluatedImageTestIds } from '../../renderer/testIds/evaluatedImageTestIds.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { EvaluatePage } from '../pages/evaluatePage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 1280, height: 800 } });
test.setTimeout(300_000);

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

const MOVED = 10;

/** Images of three classes; some owls are in the folder of the cats, and some cats are dogs too, in other files. */
async function drawDoubtfulImages(folder: string): Promise<void> {
  await drawImages(folder, 50, 5, ['cats', 'dogs', 'owls']);
  for (let k = 0; k < MOVED; k += 1) {
    renameSync(join(folder, 'owls', `${k}.png`), join(folder, 'cats', `owl-${k}.png`));
    const copy = sharp(join(folder, 'cats', `${k}.png`)).png({ compressionLevel: 0 });
    await copy.toFile(join(folder, 'dogs', `cat-${k}.png`));
  }
}

/** Trains a small network on half of the images and evaluates it on the others. */
async function evaluate(page: Page): Promise<EvaluatePage> {
  const images = join(lab.folder, 'images');
  mkdirSync(images);
  await drawDoubtfulImages(images);
  const document = tinyDocument({ epochs: 12, learningRate: 0.05, threads: 1, precision: 'f32' });
  const file = join(lab.folder, 'net.normlab.json');
  writeFileSync(
    file,
    serializeDocument({ ...document, data: { ...document.data, validationFraction: 0.5 } }),
  );
  await page.goto(lab.url);
  await new FilesPage(page).open(file);
  const editor = new EditorPage(page);
  await expect(editor.block('conv1')).toBeVisible({ timeout: 60_000 });
  await new FilesPage(page).chooseImages(images);
  // The images are read, and belong to this project.
  await expect(page.getByTestId(dockTestIds.dataClassList)).toBeVisible({ timeout: 60_000 });
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(evaluationTestIds.runEvaluate)).toBeVisible({ timeout: 120_000 });
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.evaluate();
  await panel.view('images');
  await page.getByTestId(testIds.dockFull).click();
  return panel;
}

async function openList(page: Page, key: 'suspects' | 'duplicates' | 'forgotten'): Promise<void> {
  await page.getByTestId(evaluatedImageTestIds.list(key)).click();
  await expect(page.getByTestId(doubtTestIds.summary)).toBeVisible({ timeout: 60_000 });
}

async function openCell(page: Page, number: number): Promise<void> {
  await page.getByTestId(evaluatedImageTestIds.cell(number)).dblclick();
  await expect(page.getByTestId(evaluatedImageTestIds.detail)).toBeVisible();
}

async function look(page: Page, theme: string, language: string): Promise<void> {
  await page.getByTestId(testIds.settingsMenu).click();
  await new SelectBox(page.getByTestId(testIds.themeSelect)).choose(theme);
  await new SelectBox(page.getByTestId(testIds.languageSelect)).choose(language);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await page.keyboard.press('Escape');
}

test('a mislabelled image is found and relabelled in one click, a copy is shown beside its image, and what was forgotten epoch by epoch', async ({
  page,
}) => {
  await evaluate(page);

  await openList(page, 'suspects');
  await expect(page.getByTestId(doubtTestIds.summary)).toContainText('labels are doubtful');
  await page.getByTestId(doubtTestIds.text).fill('owl-');
  await expect(page.getByTestId(evaluatedImageTestIds.cell(0))).toHaveAttribute('title', /owl-\d\.png/);
  await openCell(page, 0);
  await expect(page.getByTestId(doubtTestIds.suggestion)).toHaveText('Likely owls');
  await station(page, 'doubts-suspects');
  await page.getByTestId(doubtTestIds.relabel).click();
  await expect(page.getByTestId(doubtTestIds.relabel)).toBeDisabled();
  await expect(page.getByTestId(evaluatedImageTestIds.detail)).toContainText('Its folder says cats');
  await page.getByTestId(testIds.undo).click();
  await expect(page.getByTestId(doubtTestIds.relabel)).toBeEnabled();
  await expectAccessible(page, 'doubts-suspects');

  await openList(page, 'duplicates');
  await expect(page.getByTestId(doubtTestIds.summary)).toContainText('have a copy among');
  await openCell(page, 0);
  await expect(page.getByTestId(doubtTestIds.copy)).toBeVisible();
  await expect(page.getByTestId(doubtTestIds.differs)).toContainText('Their labels differ');
  await expect(page.getByTestId(doubtTestIds.leak)).toBeVisible();
  const [file, copy] = [
    await page.getByTestId(evaluatedImageTestIds.file).innerText(),
    await page.getByTestId(doubtTestIds.copyFile).innerText(),
  ];
  const number = (name: string): string | undefined => /(\d+)\.png/.exec(name)?.[1];
  expect(number(file)).toBe(number(copy));
  await station(page, 'doubts-duplicates');

  await openList(page, 'forgotten');
  await expect(page.getByTestId(doubtTestIds.summary)).toContainText('over 12 epochs');
  await openCell(page, 0);
  await expect(page.getByTestId(doubtTestIds.history).locator('rect')).toHaveCount(12);
  await station(page, 'doubts-forgotten');

  // All of it is kept with the evaluation.
  const runs = join(lab.folder, 'lab-home', 'runs');
  const kept = readdirSync(runs, { recursive: true }).filter((name) => String(name).endsWith('doubts.json'));
  expect(kept).toHaveLength(1);

  for (const [theme, language] of [
    ['dark', 'en'],
    ['light', 'zh-CN'],
  ] as const) {
    await look(page, theme, language);
    for (const key of ['suspects', 'duplicates', 'forgotten'] as const) {
      await openList(page, key);
      await openCell(page, 0);
      await station(page, `doubts-${key}-${theme}-${language}`);
      if (language === 'zh-CN') await expectNoEnglish(page, `doubts-${key}`);
    }
  }
});

const NORMLAB = fileURLToPath(new URL('../../cli/normlab.mjs', import.meta.url));
const FOLDS = 3;

/** Trains the folds of a cross-validation in the terminal and moves their runs into the lab. */
async function trainFolds(): Promise<string> {
  const images = join(lab.folder, 'images');
  mkdirSync(images);
  await drawDoubtfulImages(images);
  const options = ['--template', 'mnist-cnn-bn', '--epochs', '2', '--folds', String(FOLDS), '--threads', '1'];
  const cv = join(lab.folder, 'cv');
  execFileSync(process.execPath, [NORMLAB, 'train', '--data', images, ...options, '--out', cv], {
    stdio: 'ignore',
  });
  const runs = join(lab.folder, 'lab-home', 'runs');
  mkdirSync(runs, { recursive: true });
  for (let fold = 1; fold <= FOLDS; fold += 1)
    renameSync(join(cv, `fold-${fold}`), join(runs, `fold-${fold}`));
  return runs;
}

/** Folders of evaluations, one for each that is kept. */
function keptIn(runs: string): string[] {
  return readdirSync(runs, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('evaluation.json'));
}

test('the other folds are evaluated from the panel, and then judge the labels', async ({ page }) => {
  const runs = await trainFolds();
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await page.getByTestId(testIds.projectName).fill('folds');
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.evaluate();
  await panel.view('images');
  await page.getByTestId(testIds.dockFull).click();
  await openList(page, 'suspects');
  await expect(page.getByTestId(doubtTestIds.missing)).toContainText(
    'Not evaluated on their validation part',
  );
  await expect(page.getByTestId(doubtTestIds.evaluateFolds)).toHaveText('Evaluate 2 folds');
  await expect(page.getByTestId(doubtTestIds.judges)).toContainText('this evaluation alone');
  await station(page, 'doubts-folds-missing');
  expect(keptIn(runs)).toHaveLength(1);

  await page.getByTestId(doubtTestIds.evaluateFolds).click();
  await expect(page.getByTestId(doubtTestIds.missing)).toHaveCount(0, { timeout: 120_000 });
  await expect(page.getByTestId(doubtTestIds.foldWork)).toHaveCount(0, { timeout: 120_000 });
  expect(keptIn(runs)).toHaveLength(FOLDS);
  await expect(page.getByTestId(doubtTestIds.judges)).toContainText('3 folds of the cross-validation');
  await expect(page.getByTestId(doubtTestIds.summary)).toContainText(
    'by a network that did not train on it',
    {
      timeout: 60_000,
    },
  );
  await station(page, 'doubts-folds');
  await look(page, 'light', 'zh-CN');
  await expect(page.getByTestId(doubtTestIds.judges)).toContainText('交叉验证的 3 折');
  // Chinese has no space after a full stop.
  await expect(page.getByTestId(doubtTestIds.summary)).toHaveText(/^[^。]+。([^。 ][^。]*。)+$/);
});

test('a run that recorded no epochs says so', async ({ page }) => {
  await evaluate(page);
  const runs = join(lab.folder, 'lab-home', 'runs');
  const [run = ''] = readdirSync(runs);
  renameSync(join(runs, run, 'decisions.bin'), join(lab.folder, 'decisions.bin'));
  await page.getByTestId(evaluatedImageTestIds.list('forgotten')).click();
  await expect(page.getByTestId(doubtTestIds.error)).toContainText('did not record');
});
