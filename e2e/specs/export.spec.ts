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

/** Opens a template on a folder of three classes, set to train for one epoch. */
async function openTemplate(page: Page, template: string): Promise<void> {
  const images = join(lab.folder, 'images');
  await drawImages(images, 20, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate(template)).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await new EditorPage(page).setTraining('epochs', '1');
}

/** Exports to a folder of this name in the lab's own. */
async function exportFolder(page: Page, name: string): Promise<void> {
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).choosePath(lab.folder);
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await page.getByTestId(dockTestIds.exportName).fill(name);
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
}

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
  await openTemplate(page, 'mnist-cnn-bn');
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

test('an ONNX file with the preprocessing inside is written and verified', async ({ page }) => {
  await openTemplate(page, 'mnist-cnn-bn');
  await trainOnce(page, 1);
  await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
  await page.getByTestId(dockTestIds.exportPreprocessing).click();
  await station(page, 'export-preprocessing');
  await exportFolder(page, 'any-size.onnx');
  await expect(page.getByTestId(dockTestIds.exportResult)).toContainText('any height and width');
  await station(page, 'export-preprocessing-done');
  const file = readFileSync(join(lab.folder, 'any-size.onnx'), 'latin1');
  expect(file).toContain('preprocessing.across.scale');
  await page.getByTestId(dockTestIds.exportPreprocessing).click();
  await exportFolder(page, 'prepared.onnx');
  expect(readFileSync(join(lab.folder, 'prepared.onnx'), 'latin1')).not.toContain('preprocessing.across');
});

test('a folder for PyTorch is written after the list of what PyTorch expresses in another way', async ({
  page,
}) => {
  await openTemplate(page, 'mnist-cnn-bn');
  await new EditorPage(page).setParam('bn1', 'ghostSize', '4');
  await trainOnce(page, 1);

  const inside = page.getByTestId(dockTestIds.exportPreprocessing);
  await expect(inside).toBeVisible();
  const differences = page.getByTestId(dockTestIds.exportDifferences);
  await expect(differences).toHaveCount(0);
  await page.getByTestId(dockTestIds.exportFormat('pytorch')).click();
  await expect(page.getByTestId(dockTestIds.exportName)).toHaveValue(/-pytorch$/);
  // Only an ONNX file can prepare images itself.
  await expect(inside).toHaveCount(0);
  await expect(differences).toContainText('ghost groups of 4 samples');
  await station(page, 'export-differences');
  await exportFolder(page, 'birds');
  await station(page, 'export-folder-done');
  const bundle = join(lab.folder, 'birds');
  expect(readdirSync(bundle)).toEqual(expect.arrayContaining(['model.py', 'normlab.json', 'state_dict.pt']));

  await page.getByTestId(dockTestIds.exportFold).click();
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportReplace)).toContainText('model folder');
  await page.getByTestId(dockTestIds.exportReplaceYes).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
  expect(readFileSync(join(bundle, 'model.py'), 'utf8')).not.toContain('BatchNorm2d');
});

test('a folder for Caffe is written, and the curves are saved for TensorBoard and as CSV', async ({
  page,
}) => {
  await openTemplate(page, 'mnist-cnn-bn');
  await trainOnce(page, 1);

  await page.getByTestId(dockTestIds.exportFormat('caffe')).click();
  await expect(page.getByTestId(dockTestIds.exportName)).toHaveValue(/-caffe$/);
  await exportFolder(page, 'owls');
  await station(page, 'export-caffe-done');
  expect(readdirSync(join(lab.folder, 'owls'))).toContain('weights.caffemodel');

  for (const [format, name] of [
    ['csv', /\.csv$/],
    ['tensorboard', /^events\.out\.tfevents\.\d+\./],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByTestId(dockTestIds.exportCurves(format)).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(name);
    expect(readFileSync(await saved.path(), 'latin1')).toContain(
      format === 'csv' ? 'drift.bn1' : 'loss/train',
    );
  }
});

test('a folder for Keras is written after the list of what Keras expresses in another way', async ({
  page,
}) => {
  await openTemplate(page, 'resnet20');
  await trainOnce(page, 1);

  await page.getByTestId(dockTestIds.exportFormat('keras')).click();
  await expect(page.getByTestId(dockTestIds.exportDifferences)).toContainText('Keras continues with biased');
  await exportFolder(page, 'owls');
  await station(page, 'export-keras');
  expect(readdirSync(join(lab.folder, 'owls'))).toEqual(
    expect.arrayContaining(['model.keras', 'model.weights.h5', 'model.py', 'normlab.json']),
  );
});
