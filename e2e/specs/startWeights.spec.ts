import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { modelTestIds } from '../../renderer/testIds/modelTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { dropFile } from '../fixtures/drop.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { writeModel } from '../fixtures/modelFile.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { readOnnx } from '../fixtures/onnxFile.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

async function inspect(page: Page, lab: LabServer, name: string): Promise<void> {
  await page.getByTestId(modelTestIds.source('file')).click();
  await page.getByTestId(modelTestIds.chooseFile).click();
  await new FilePicker(page).goTo(lab.folder);
  await page.getByTestId(dockTestIds.fileEntry(name)).dblclick();
  await expect(page.getByTestId(modelTestIds.report)).toBeVisible({ timeout: 30_000 });
}

test('a model file becomes a project; its head is trained on other classes and exported', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  writeModel(join(lab.folder, 'tiny.safetensors'));
  await drawImages(join(lab.folder, 'birds'), 8, 1, ['owl', 'wren']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeWeights).click();
  await expect(page.getByTestId(modelTestIds.empty)).toContainText('normlab models add');
  await station(page, 'weights-1-no-models');

  await test.step('the report, and the file kept among the models', async () => {
    await inspect(page, lab, 'tiny.safetensors');
    await expect(page.getByTestId(modelTestIds.tensors)).toHaveText('7 of 7 have values');
    await expect(page.getByTestId(modelTestIds.report)).toContainText('a, b, c');
    await expectAccessible(page, 'report of a model');
    await page.getByTestId(modelTestIds.add).click();
    await page.getByTestId(modelTestIds.addConfirm).click();
    await expect(page.getByTestId(testIds.notice)).toContainText('tiny is in your models');
    await page.getByTestId(modelTestIds.back).click();
    await page.getByTestId(modelTestIds.source('model')).click();
    await expect(page.getByTestId(modelTestIds.item('tiny'))).toContainText('3 outputs');
    await station(page, 'weights-2-models');
    await page.getByTestId(modelTestIds.item('tiny')).click();
  });

  await test.step('a project on a folder of images with other classes', async () => {
    await page.getByTestId(modelTestIds.folder).click();
    await new FilePicker(page).choosePath(join(lab.folder, 'birds'));
    await expect(page.getByTestId(modelTestIds.folder)).toBeVisible();
    await station(page, 'weights-3-report');
    await page.getByTestId(modelTestIds.open).click();
    await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('16');
    await expect(page.getByTestId(modelTestIds.weights)).toContainText('a, b, c');
    await new EditorPage(page).expectShape('dense1', '2');
  });

  await test.step('the head alone trains to the end', async () => {
    await page.getByTestId(modelTestIds.whatTrains('head')).click();
    await expect(page.getByTestId(testIds.blockFrozen('conv1'))).toBeVisible();
    await new EditorPage(page).openDock('train');
    await expect(page.getByTestId(dockTestIds.plan)).toContainText('tensors.');
    await expect(page.getByTestId(dockTestIds.plan)).toContainText('The head dense1 is initialized');
    await station(page, 'weights-4-plan');
    await page.getByTestId(modelTestIds.weightsInPlan).click();
    await expect(page.getByTestId(modelTestIds.dialog)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId(modelTestIds.dialog)).toHaveCount(0);
    await new TrainPage(page).confirm();
    await expect(page.getByTestId(dockTestIds.runExport)).toBeVisible({ timeout: 60_000 });
  });

  await test.step('the export has the frozen weights of the file', async () => {
    await new EditorPage(page).openDock('export');
    await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
    await page.getByTestId(dockTestIds.exportChooseFolder).click();
    await new FilePicker(page).choosePath(lab.folder);
    await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
    await page.getByTestId(dockTestIds.exportName).fill('birds');
    await page.getByTestId(dockTestIds.exportStart).click();
    await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
    const model = await readOnnx(join(lab.folder, 'birds.onnx'));
    const logits = await model.run(new Float32Array(36).fill(100), [1, 1, 6, 6]);
    expect(logits.dims).toEqual([1, 2]);
  });

  await test.step('the weights are saved beside the project', async () => {
    await page.keyboard.press('Control+Shift+s');
    await new FilePicker(page).saveAs('birds.normlab.json');
    await new FilesPage(page).expectNotice('Saved');
    const file = await page.getByTestId(modelTestIds.weights).locator('dd').nth(1).innerText();
    expect(existsSync(join(lab.folder, file))).toBe(true);
  });
});

test('weights with a hole in the trunk need an agreement, and are taken off a project again', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  writeModel(join(lab.folder, 'hole.safetensors'), { lacking: ['conv1.weights'] });
  writeModel(join(lab.folder, 'tiny.safetensors'));
  writeFileSync(join(lab.folder, 'text.pth'), 'no model at all');
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeWeights).click();
  await page.getByTestId(modelTestIds.source('file')).click();
  await page.getByTestId(modelTestIds.chooseFile).click();
  await new FilePicker(page).goTo(lab.folder);
  await page.getByTestId(dockTestIds.fileEntry('text.pth')).dblclick();
  await expect(page.getByTestId(modelTestIds.error)).toContainText('text.pth is broken');

  await inspect(page, lab, 'hole.safetensors');
  await page.getByTestId(modelTestIds.list('missing')).click();
  await expect(page.getByTestId(modelTestIds.list('missing'))).toContainText('conv1.weights');
  await expect(page.getByTestId(modelTestIds.open)).toBeDisabled();
  await station(page, 'weights-5-hole');
  await page.getByTestId(modelTestIds.partial).click();
  await page.getByTestId(modelTestIds.open).click();
  await expect(page.getByTestId(modelTestIds.weights)).toContainText('hole.safetensors');
  await station(page, 'weights-6-project');

  await page.getByTestId(modelTestIds.weightsChoose).click();
  await inspect(page, lab, 'tiny.safetensors');
  await page.getByTestId(modelTestIds.open).click();
  await expect(page.getByTestId(modelTestIds.weights)).toContainText('tiny.safetensors');
  await page.getByTestId(modelTestIds.weightsRemove).click();
  await expect(page.getByTestId(modelTestIds.weights)).toContainText('Runs start from initialized weights.');
  await new EditorPage(page).undo();
  await expect(page.getByTestId(modelTestIds.weights)).toContainText('tiny.safetensors');
});

test('a model file is dropped on the dialog or beside it; a browser asks where it is', async ({ page }) => {
  await using lab = await LabServer.start();
  writeModel(join(lab.folder, 'tiny.safetensors'));
  mkdirSync(join(lab.folder, 'folder'));
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeWeights).click();
  const dialog = page.getByTestId(modelTestIds.dialog);
  await dropFile(dialog, join(lab.folder, 'folder'));
  await expect(page.getByTestId(testIds.notice)).toContainText('That is a folder');

  for (const target of [dialog, page.locator('.ui-scrim').first()]) {
    await dropFile(target, join(lab.folder, 'tiny.safetensors'), async () => {
      await expect(page.getByTestId(modelTestIds.dropVeil)).toBeVisible();
      await station(page, 'weights-7-drop');
    });
    await expect(page.getByTestId(modelTestIds.dropVeil)).toHaveCount(0);
    await expect(page.getByTestId(dockTestIds.fileHint)).toContainText('where “tiny.safetensors” is');
    await new FilePicker(page).goTo(lab.folder);
    await page.getByTestId(dockTestIds.fileEntry('tiny.safetensors')).dblclick();
    await expect(page.getByTestId(modelTestIds.tensors)).toHaveText('7 of 7 have values');
  }
});

test('a run gives the weights of its last checkpoint or of its best epoch', async ({ page }) => {
  await using lab = await LabServer.start();
  writeModel(join(lab.folder, 'tiny.safetensors'));
  await drawImages(join(lab.folder, 'birds'), 8, 1, ['owl', 'wren']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeWeights).click();
  await inspect(page, lab, 'tiny.safetensors');
  await page.getByTestId(modelTestIds.folder).click();
  await new FilePicker(page).choosePath(join(lab.folder, 'birds'));
  await page.getByTestId(modelTestIds.open).click();
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('16');

  await test.step('the settings of frozen blocks', async () => {
    const features = new SelectBox(page.getByTestId(testIds.training('features')));
    await page.getByTestId(modelTestIds.whatTrains('head')).click();
    await new SelectBox(page.getByTestId(modelTestIds.trunkNorms)).choose('frozen');
    await new EditorPage(page).openDock('train');
    await expect(page.getByTestId(dockTestIds.plan)).toContainText('reading their output would take longer');
    await features.choose('off');
    await expect(page.getByTestId(dockTestIds.plan)).toContainText('the settings switch');
    await expect(page.getByTestId(testIds.training('featureVersions'))).toHaveCount(0);
    await features.choose('auto');
  });

  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.runExport)).toBeVisible({ timeout: 60_000 });
  await page.getByTestId(modelTestIds.weightsChoose).click();
  await page.getByTestId(modelTestIds.source('run')).click();
  await page.locator(`[data-testid^="${modelTestIds.run('')}"]`).click();
  await expect(page.getByTestId(modelTestIds.report)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId(modelTestIds.checkpoint('best'))).toContainText(/Best epoch\s*epoch \d+, /);
  await page.getByTestId(modelTestIds.checkpoint('best')).click();
  await expect(page.getByTestId(modelTestIds.report)).toBeVisible({ timeout: 30_000 });
  await station(page, 'weights-8-best');
  await page.getByTestId(modelTestIds.open).click();
  await expect(page.getByTestId(modelTestIds.weights)).toContainText('/best.safetensors');
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });
  test('the dialog and the sections of the inspector have no English', async ({ page }) => {
    await using lab = await LabServer.start();
    writeModel(join(lab.folder, 'hole.safetensors'), { lacking: ['conv1.weights'] });
    await page.goto(lab.url);
    await page.getByTestId(testIds.welcomeWeights).click();
    await expectNoEnglish(page, 'weights-models');
    await page.getByTestId(modelTestIds.source('run')).click();
    await expectNoEnglish(page, 'weights-runs');
    await inspect(page, lab, 'hole.safetensors');
    await expectNoEnglish(page, 'weights-report');
    await page.getByTestId(modelTestIds.partial).click();
    await page.getByTestId(modelTestIds.open).click();
    await expect(page.getByTestId(modelTestIds.weights)).toContainText('hole.safetensors');
    await expectNoEnglish(page, 'weights-project');
  });
});
