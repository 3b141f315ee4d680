import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { modelTestIds } from '../../renderer/testIds/modelTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { docImage } from '../fixtures/docImage.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { readOnnx } from '../fixtures/onnxFile.ts';
import { FETCHED_MODELS, photoFolder, pretrainedLacks } from '../fixtures/pretrained.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

const MODEL = 'efficientnet-lite0';
const lacks = pretrainedLacks(MODEL);
test.skip(lacks !== null, lacks ?? '');

/** A lab with the fetched models and a copy of the photos. */
async function startLab(): Promise<LabServer> {
  const lab = await LabServer.start({ NORMLAB_MODELS: FETCHED_MODELS });
  cpSync(photoFolder() ?? '', join(lab.folder, 'photos'), { recursive: true });
  return lab;
}

/** Opens the dialog and reads the model. */
async function chooseModel(page: Page, lab: LabServer): Promise<void> {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeWeights).click();
  await page.getByTestId(modelTestIds.item(MODEL)).click();
  await expect(page.getByTestId(modelTestIds.report)).toBeVisible({ timeout: 30_000 });
}

async function choosePhotos(page: Page, lab: LabServer): Promise<void> {
  await page.getByTestId(modelTestIds.folder).click();
  await new FilePicker(page).choosePath(join(lab.folder, 'photos'));
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
}

/** Opens the project and lets only its head train. */
async function trainHeadOnly(page: Page): Promise<void> {
  await page.getByTestId(modelTestIds.open).click();
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('72', { timeout: 30_000 });
  await page.getByTestId(modelTestIds.whatTrains('head')).click();
  await new SelectBox(page.getByTestId(modelTestIds.trunkNorms)).choose('frozen');
}

test.describe('a model that comes with NormLab', () => {
  test.use({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });

  test('is chosen by name, trains a head on photos, and is exported', async ({ page }) => {
    await using lab = await startLab();
    await page.goto(lab.url);
    await test.step('the list says where it comes from, and has its licence', () => readLicence(page));
    await test.step('the report', async () => {
      await chooseModel(page, lab);
      await expect(page.getByTestId(modelTestIds.tensors)).toHaveText(/^(\d+) of \1 have values$/);
      await expect(page.getByTestId(modelTestIds.report)).toContainText('3 × 224 × 224');
      await expectAccessible(page, 'report of a shipped model');
      await docImage(page, 'fine-tuning-report');
      await choosePhotos(page, lab);
    });
    await test.step('what trains', async () => {
      await trainHeadOnly(page);
      await new EditorPage(page).openDock('train');
      await expect(page.getByTestId(dockTestIds.plan)).toContainText('computed once for each image');
      await docImage(page, 'fine-tuning-what-trains');
    });
    await test.step('the head learns the photos', async () => {
      await new TrainPage(page).confirm();
      await expect(page.getByTestId(dockTestIds.runExport)).toBeVisible({ timeout: 120_000 });
      await expect(page.getByTestId(dockTestIds.runCard)).toContainText('72 to train, 18 to validate');
      await expect(page.getByTestId(dockTestIds.runRow('valAccuracy'))).toHaveText('1.000');
      await docImage(page, 'fine-tuning-result');
    });
    await test.step('the exported network', () => exportOnnx(page, lab));
    await test.step('the same for PyTorch', () => exportPytorch(page, lab));
  });
});

test.describe('in Chinese, in the dark', () => {
  test.use({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'zh-CN' });

  test('the same screens', async ({ page }) => {
    await using lab = await startLab();
    await page.goto(lab.url);
    await page.getByTestId(testIds.welcomeWeights).click();
    await expect(page.getByTestId(modelTestIds.item(MODEL))).toContainText('随 NormLab 提供');
    await station(page, 'pretrained-zh-list');
    await chooseModel(page, lab);
    await station(page, 'pretrained-zh-report');
    await choosePhotos(page, lab);
    await trainHeadOnly(page);
    await new EditorPage(page).openDock('train');
    await expect(page.getByTestId(dockTestIds.plan)).toContainText('只计算一次');
    await station(page, 'pretrained-zh-what-trains');
  });
});

async function readLicence(page: Page): Promise<void> {
  await page.getByTestId(testIds.welcomeWeights).click();
  await expect(page.getByTestId(modelTestIds.item(MODEL))).toContainText('Comes with NormLab');
  await expect(page.getByTestId(modelTestIds.remove(MODEL))).toHaveCount(0);
  await station(page, 'pretrained-list');
  await page.getByTestId(modelTestIds.licence(MODEL)).click();
  await expect(page.getByTestId(modelTestIds.licenceText)).toContainText('Apache License');
  await expectAccessible(page, 'licence of a model');
  await station(page, 'pretrained-licence');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(modelTestIds.licenceText)).toHaveCount(0);
  await expect(page.getByTestId(modelTestIds.dialog)).toBeVisible();
}

/** Exports a folder for PyTorch, whose weights the lab has read back and run. */
async function exportPytorch(page: Page, lab: LabServer): Promise<void> {
  await page.getByTestId(dockTestIds.exportFormat('pytorch')).click();
  await expect(page.getByTestId(dockTestIds.exportDifferences)).toBeVisible();
  await page.getByTestId(dockTestIds.exportName).fill('photos-pytorch');
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toContainText('photos-pytorch', {
    timeout: 120_000,
  });
  await station(page, 'pretrained-pytorch');
  const folder = join(lab.folder, 'photos-pytorch');
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['model.py', 'model.safetensors', 'state_dict.pt']),
  );
  expect(readFileSync(join(folder, 'model.py'), 'utf8')).toContain('nn.BatchNorm2d(');
}

async function exportOnnx(page: Page, lab: LabServer): Promise<void> {
  await new EditorPage(page).openDock('export');
  await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).choosePath(lab.folder);
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await page.getByTestId(dockTestIds.exportName).fill('photos');
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 120_000 });
  const model = await readOnnx(join(lab.folder, 'photos.onnx'));
  const logits = await model.run(new Float32Array(3 * 224 * 224).fill(127), [1, 3, 224, 224]);
  expect(logits.dims).toEqual([1, 3]);
}
