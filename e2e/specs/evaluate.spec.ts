import { execFileSync } from 'node:child_process';
import {
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { must } from '../../core/diagnostics/invariantError.ts';
import type { Estimate } from '../../core/evaluation/estimate.ts';
import type { EvaluationRecord } from '../../core/evaluation/evaluationRecord.ts';
import { sampleJudgement } from '../../core/evaluation/testing/sampleJudgement.ts';
import { compareTestIds } from '../../renderer/testIds/compareTestIds.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { docImage } from '../fixtures/docImage.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { photoFolder } from '../fixtures/pretrained.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { EvaluatePage, keptRecords } from '../pages/evaluatePage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 1280, height: 800 } });

// A run is trained first in each.
test.setTimeout(300_000);

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** Images of three classes, of which some are in the folder of another class. */
async function drawConfusedImages(folder: string): Promise<void> {
  await drawImages(folder, 60, 5, ['cats', 'dogs', 'owls']);
  for (let k = 0; k < 12; k += 1) {
    renameSync(join(folder, 'cats', `${k}.png`), join(folder, 'dogs', `moved-${k}.png`));
    renameSync(join(folder, 'owls', `${k}.png`), join(folder, 'cats', `moved-${k}.png`));
  }
}

/** Trains a network with BatchNorm on three classes of drawn images. */
async function train(page: Page): Promise<EditorPage> {
  const images = join(lab.folder, 'images');
  await drawConfusedImages(images);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  const editor = new EditorPage(page);
  await page.getByTestId(testIds.projectName).fill('animals');
  await editor.setTraining('epochs', '2');
  await editor.setTraining('batchSize', '16');
  await editor.openDock('train');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(evaluationTestIds.runEvaluate)).toBeVisible({ timeout: 60_000 });
  return editor;
}

async function look(page: Page, theme: string, language: string): Promise<void> {
  await page.getByTestId(testIds.settingsMenu).click();
  await new SelectBox(page.getByTestId(testIds.themeSelect)).choose(theme);
  await new SelectBox(page.getByTestId(testIds.languageSelect)).choose(language);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  // The second one closes the tooltip of the button that has the focus then.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
}

const percent = (value: number): string => (value === 1 ? '100' : Math.min(99.9, 100 * value).toFixed(1));
/** What the screen says of a figure, as its value and its interval. */
function words({ value, interval }: Estimate, isShare: boolean): string[] {
  const number = (each: number): string => (isShare ? percent(each) : each.toFixed(3));
  return [number(value), ...(interval === null ? [] : [number(interval.low), number(interval.high)])];
}

/** Every figure of the record is on the screen, with its interval. */
async function expectFigures(panel: EvaluatePage, { figures, loss }: EvaluationRecord): Promise<void> {
  const shown: readonly (readonly [string, Estimate | null, boolean])[] = [
    ['accuracy', figures.accuracy, true],
    ['balanced_accuracy', figures.balancedAccuracy, true],
    ['log_loss', figures.logLoss, false],
    ['expected_calibration_error', figures.calibration?.expectedError ?? null, false],
    ...(['macro', 'weighted'] as const).flatMap((mean) =>
      (['precision', 'recall', 'f1'] as const).map(
        (rate) => [`${mean}_${rate}`, figures[mean][rate], true] as const,
      ),
    ),
  ];
  for (const [key, estimate, isShare] of shown)
    for (const word of words(must(estimate, key), isShare))
      await expect(panel.figure(key), key).toContainText(word);
  expect(loss.kind).toBe('crossEntropy');
  await expect(panel.figure('log_loss')).toContainText(must(loss.mean, 'the loss').toFixed(3));
  const { calibration } = figures;
  await expect(panel.figure('maximum_calibration_error')).toContainText(
    must(calibration, 'calibration').maximumError.toFixed(3),
  );
  await expect(panel.figure('temperature')).toContainText(calibration?.temperature?.value.toFixed(3) ?? '–');
  for (const [k, each] of figures.perClass.entries()) {
    const row = panel.page.getByTestId(compareTestIds.row(String(k)));
    const rates = [each.precision, each.recall, each.f1].map((rate) =>
      rate === null ? '–' : `${percent(rate.value)} %`,
    );
    const cells = [each.class, each.support, each.decided, ...rates].map(String);
    await expect(row.locator('th, td')).toHaveText(cells);
  }
}

test('a run is evaluated from its card; every number on the screen is that of the file', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const editor = await train(page);
  const panel = new EvaluatePage(page);
  await page.getByTestId(evaluationTestIds.runEvaluate).click();
  await expect(page.getByTestId(evaluationTestIds.empty)).toContainText('has not been evaluated yet');
  await station(page, 'evaluate-empty');
  await page.getByTestId(evaluationTestIds.emptyStart).click();
  await panel.expectDone();
  const [record, ...others] = keptRecords(lab.folder);
  expect(others).toEqual([]);
  await expectFigures(panel, must(record, 'an evaluation'));
  expect(record?.figures.accuracy?.value).toBeLessThan(1);
  await expect(page.getByTestId(evaluationTestIds.head)).toContainText('moving averages of BatchNorm');

  await test.step('copies', async () => {
    await page.getByTestId(evaluationTestIds.copyText).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain(`Accuracy\t${percent(record?.figures.accuracy?.value ?? NaN)} %`);
    await page.getByTestId(evaluationTestIds.copyClasses).click();
    const csv = await page.evaluate(() => navigator.clipboard.readText());
    expect(csv.split('\r\n').filter((line) => line !== '')).toHaveLength(4);
  });

  await test.step('exact statistics, and what is kept', async () => {
    await new SelectBox(page.getByTestId(evaluationTestIds.statistics)).choose('exact');
    await panel.evaluate();
    await expect(page.getByTestId(evaluationTestIds.head)).toContainText('exact BatchNorm statistics');
    const [exact] = keptRecords(lab.folder);
    expect(exact?.model.statistics).toBe('exact');
    await expectFigures(panel, must(exact, 'the exact evaluation'));
    const kept = new SelectBox(page.getByTestId(evaluationTestIds.kept));
    await kept.expectOptions(2, 10_000);
    await kept.choose({ index: 1 });
    await expect(page.getByTestId(evaluationTestIds.head)).toContainText('moving averages of BatchNorm');
    await expectFigures(panel, must(record, 'an evaluation'));
  });

  await test.step('the one shown last is shown again after a reload, and is removed when asked', async () => {
    await page.reload();
    await editor.openDock('evaluate');
    await expect(page.getByTestId(evaluationTestIds.head)).toContainText('moving averages of BatchNorm');
    await page.getByTestId(evaluationTestIds.remove).click();
    await expect(page.getByTestId(evaluationTestIds.removeDialog)).toContainText(
      'The run and its weights stay',
    );
    await page.getByTestId(evaluationTestIds.removeYes).click();
    await expect(page.getByTestId(evaluationTestIds.head)).toContainText('exact BatchNorm statistics');
    expect(keptRecords(lab.folder)).toHaveLength(1);
  });

  await test.step('a class leads to its images', async () => {
    await page.getByTestId(compareTestIds.row('1')).click();
    await expect(page.getByTestId(evaluationTestIds.view('images'))).toHaveAttribute('aria-selected', 'true');
    await panel.view('figures');
  });
});

test('the report and the tables are written, and replace others only when asked', async ({ page }) => {
  await train(page);
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.evaluate();
  const out = join(lab.folder, 'out');
  mkdirSync(out);
  await page.getByTestId(evaluationTestIds.write('report')).click();
  await page.getByTestId(evaluationTestIds.writeChoose).click();
  await new FilePicker(page).choosePath(out);
  await page.getByTestId(evaluationTestIds.writeName).fill('judged');
  await station(page, 'evaluate-write');
  await page.getByTestId(evaluationTestIds.writeStart).click();
  await new FilesPage(page).expectNotice('The report is written');
  const accuracy = keptRecords(lab.folder)[0]?.figures.accuracy?.value ?? NaN;
  expect(readFileSync(join(out, 'judged.html'), 'utf8')).toContain(accuracy.toFixed(4));

  // What is no report of the lab is never replaced; a report is after a question.
  writeFileSync(join(out, 'mine.html'), 'mine');
  await page.getByTestId(evaluationTestIds.write('report')).click();
  await page.getByTestId(evaluationTestIds.writeName).fill('mine');
  await page.getByTestId(evaluationTestIds.writeStart).click();
  await expect(page.getByTestId(evaluationTestIds.writeError)).toContainText('not a report of NormLab');
  expect(readFileSync(join(out, 'mine.html'), 'utf8')).toBe('mine');
  const former = statSync(join(out, 'judged.html')).mtimeMs;
  await page.getByTestId(evaluationTestIds.writeName).fill('judged.html');
  await page.getByTestId(evaluationTestIds.writeStart).click();
  await expect(page.getByTestId(evaluationTestIds.writeError)).toContainText('This name is taken');
  expect(statSync(join(out, 'judged.html')).mtimeMs).toBe(former);
  await page.getByTestId(evaluationTestIds.writeStart).click();
  await expect(page.getByTestId(evaluationTestIds.writeDialog)).toHaveCount(0);
  expect(statSync(join(out, 'judged.html')).mtimeMs).toBeGreaterThan(former);

  await page.getByTestId(evaluationTestIds.write('tables')).click();
  await page.getByTestId(evaluationTestIds.writeName).fill('tables');
  await page.getByTestId(evaluationTestIds.writeStart).click();
  await new FilesPage(page).expectNotice('The tables are written');
  expect(readdirSync(join(out, 'tables'))).toEqual(
    expect.arrayContaining(['classes.csv', 'evaluation.json', 'figures.csv', 'images.csv']),
  );
});

test('another folder: classes by name, what is missing and left out is said', async ({ page }) => {
  await train(page);
  const panel = new EvaluatePage(page);
  const folder = join(lab.folder, 'new-camera');
  await drawImages(folder, 9, 8, ['cats', 'dogs', 'wolves']);
  writeFileSync(join(folder, 'cats', 'broken.png'), 'no image at all');
  await panel.open();
  await new SelectBox(page.getByTestId(evaluationTestIds.source)).choose('folder');
  await new FilePicker(page).choosePath(folder);
  await expect(page.getByTestId(evaluationTestIds.folder)).toContainText('new-camera');
  await panel.evaluate();
  const notes = page.getByTestId(evaluationTestIds.notes);
  await expect(notes).toContainText('Classes without an image: “owls”');
  await expect(notes).toContainText('9 images of classes that the network does not have: “wolves”');
  await expect(notes).toContainText('1 file could not be read');
  await notes.getByText('Files that could not be read').click();
  await expect(notes).toContainText('broken.png');
  await expect(page.getByTestId(evaluationTestIds.head)).toContainText('18 images: another folder');
  await station(page, 'evaluate-folder');

  // None of its classes is one of the network: it is refused, and what was shown stays.
  const foreign = join(lab.folder, 'foreign');
  await drawImages(foreign, 3, 8, ['x', 'y']);
  await page.getByTestId(evaluationTestIds.chooseFolder).click();
  await new FilePicker(page).choosePath(foreign);
  await page.getByTestId(evaluationTestIds.start).click();
  await expect(page.getByTestId(evaluationTestIds.error)).toContainText('foreign', { timeout: 60_000 });
  await station(page, 'evaluate-refused');
  await expect(panel.figure('accuracy')).toBeVisible();
  expect(keptRecords(lab.folder)).toHaveLength(1);
});

test('an evaluation is cancelled, and leaves nothing', async ({ page }) => {
  await train(page);
  const panel = new EvaluatePage(page);
  const folder = join(lab.folder, 'many');
  await drawImages(folder, 1, 8, ['cats', 'dogs', 'owls']);
  // Enough files to be cancelled among them.
  for (const name of ['cats', 'dogs', 'owls'])
    for (let k = 1; k < 4000; k += 1) linkSync(join(folder, name, '0.png'), join(folder, name, `${k}.png`));
  await panel.open();
  await new SelectBox(page.getByTestId(evaluationTestIds.source)).choose('folder');
  await new FilePicker(page).choosePath(folder);
  await page.getByTestId(evaluationTestIds.start).click();
  await expect(page.getByTestId(evaluationTestIds.progress)).toBeVisible();
  await station(page, 'evaluate-progress');
  await page.getByTestId(evaluationTestIds.cancel).click();
  await expect(page.getByTestId(evaluationTestIds.progress)).toHaveCount(0);
  await expect(page.getByTestId(evaluationTestIds.error)).toHaveCount(0);
  await expect(page.getByTestId(evaluationTestIds.empty)).toBeVisible();
  expect(keptRecords(lab.folder)).toEqual([]);
});

/** Puts an evaluation of `classes` classes beside the run, as if it had that many. */
async function plantEvaluation(classes: number): Promise<void> {
  const runs = join(lab.folder, 'lab-home', 'runs');
  const run = must(readdirSync(runs)[0], 'a run');
  const { record } = await sampleJudgement(4 * classes, classes);
  const folder = join(runs, run, 'evaluations', record.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'evaluation.json'), JSON.stringify(record));
}

test('a thousand classes: only the visible ones are mounted; they are sorted and searched', async ({
  page,
}) => {
  const editor = await train(page);
  await plantEvaluation(1000);
  await editor.openDock('evaluate');
  await expect(page.getByTestId(evaluationTestIds.classCount)).toHaveText('1,000');
  const rows = page.locator(`[data-testid^="${compareTestIds.row('')}"]`);
  expect(await rows.count()).toBeLessThan(60);
  await page.getByTestId(compareTestIds.sort('f1')).click();
  const best = await rows.first().innerText();
  await page.getByTestId(compareTestIds.sort('f1')).click();
  expect(await rows.first().innerText()).not.toBe(best);
  await page.getByTestId(evaluationTestIds.classSearch).fill('class 77');
  await expect(page.getByTestId(evaluationTestIds.classCount)).toHaveText('11 of 1,000');
  await expect(rows).toHaveCount(11);
  await station(page, 'evaluate-thousand');
});

/** Screenshots of the figures in both themes and both languages, narrow and wide, low and high. */
async function lookEverywhere(page: Page, name: string): Promise<void> {
  await look(page, 'dark', 'en');
  await station(page, `${name}-low-dark`);
  await expectAccessible(page, 'evaluate, dark, low');
  await page.getByTestId(testIds.dockFull).click();
  await station(page, `${name}-full-dark`);
  await look(page, 'light', 'en');
  await docImage(page, `${name}-figures`);
  await expectAccessible(page, 'evaluate, light, full height');
  await look(page, 'light', 'zh-CN');
  await station(page, `${name}-full-zh`);
  await page.setViewportSize({ width: 2560, height: 1300 });
  await station(page, `${name}-wide-zh`);
  await look(page, 'dark', 'en');
  await station(page, `${name}-wide-dark`);
  await page.getByTestId(testIds.dockFull).click();
  await station(page, `${name}-wide-low`);
  await page.setViewportSize({ width: 1280, height: 800 });
  await look(page, 'light', 'zh-CN');
  await station(page, `${name}-low-zh`);
}

test('in both themes and both languages, narrow and wide, low and high', async ({ page }) => {
  await train(page);
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.evaluate();
  await lookEverywhere(page, 'evaluate');
  await expectNoEnglish(page, 'evaluate');
});

const NORMLAB = fileURLToPath(new URL('../../cli/normlab.mjs', import.meta.url));

test('a network for photos', async ({ page }) => {
  const photos = photoFolder();
  test.skip(photos === null, 'no photos: set NORMLAB_PHOTOS to a folder with train and test');
  test.setTimeout(400_000);
  const images = join(lab.folder, 'photos');
  cpSync(photos ?? '', images, { recursive: true });
  const run = join(lab.folder, 'lab-home', 'runs', 'photos');
  const options = ['--template', 'vgg-bn', '--epochs', '5', '--lr', '0.05', '--out', run];
  execFileSync(process.execPath, [NORMLAB, 'train', '--data', images, ...options], { stdio: 'ignore' });
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('vgg-bn')).click();
  await page.getByTestId(testIds.projectName).fill('photos');
  const panel = new EvaluatePage(page);
  await panel.open();
  await panel.evaluate();
  await expectFigures(panel, must(keptRecords(lab.folder)[0], 'an evaluation'));
  await lookEverywhere(page, 'evaluation');
});
