import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { EXPORT_FORMATS } from '../../core/export/formats.ts';
import { decodeSafetensors } from '../../core/export/safetensors.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { TrainPage } from '../pages/trainPage.ts';

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** Starts a long run of a template, and shows the Export panel. */
async function startLongRun(page: Page, template: string): Promise<void> {
  const images = join(lab.folder, 'images');
  await drawImages(images, 20, 5, ['cats', 'dogs', 'owls']);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate(template)).click();
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  const editor = new EditorPage(page);
  await editor.setTraining('epochs', '100000');
  await editor.openDock('train');
  await new TrainPage(page).start();
  await editor.openDock('export');
}

async function chooseFolder(page: Page): Promise<void> {
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).choosePath(lab.folder);
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
}

/** The step that the choice of weights names. */
async function lastStep(page: Page): Promise<number> {
  const text = await page.getByTestId(dockTestIds.exportWeights('last')).innerText();
  return Number((/step ([\d,]+)/.exec(text)?.[1] ?? 'NaN').replaceAll(',', ''));
}

test('a run is exported while it trains: from its last checkpoint and its best epoch, and it goes on', async ({
  page,
}) => {
  await startLongRun(page, 'mnist-cnn-bn');
  // Until there is a checkpoint, the panel says when it is due.
  const due = page.getByTestId(dockTestIds.exportDue);
  const weights = page.getByTestId(dockTestIds.exportWeights('last'));
  await expect(due.or(weights).first()).toBeVisible({ timeout: 30_000 });
  await expect(weights).toContainText(/step [\d,]+, \d+ sec\. ago/, { timeout: 30_000 });
  await expect(page.getByTestId(dockTestIds.exportWeights('best'))).toContainText(/epoch \d+, [\d.]+ %/);
  await expect(due).toHaveCount(0);
  await station(page, 'export-live');

  await page.getByTestId(dockTestIds.exportFormat('safetensors')).click();
  await chooseFolder(page);
  for (const which of ['last', 'best'] as const) {
    await page.getByTestId(dockTestIds.exportWeights(which)).click();
    await page.getByTestId(dockTestIds.exportName).fill(which);
    await page.getByTestId(dockTestIds.exportStart).click();
    await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
    const { metadata } = decodeSafetensors(readFileSync(join(lab.folder, `${which}.safetensors`)));
    const { step, checkpoint } = JSON.parse(metadata['normlab.statistics'] ?? '{}') as {
      step: number;
      checkpoint: string;
    };
    expect(checkpoint).toBe(which);
    await expect(page.getByTestId(dockTestIds.exportSource)).toContainText(
      `step ${step.toLocaleString('en')}`,
    );
    await expect(page.getByTestId(dockTestIds.exportMaxRelDiff)).toContainText(/^[\d.e-]+$/);
    await expect(page.getByTestId(dockTestIds.exportSha256)).toContainText(/^[0-9a-f]{64}$/);
  }
  await station(page, 'export-live-done');
  const before = await lastStep(page);
  await expect.poll(() => lastStep(page), { timeout: 30_000 }).toBeGreaterThan(before);
  await new TrainPage(page).stop();
});

test('a cancelled export of a folder leaves nothing, and the same name is free again', async ({ page }) => {
  await startLongRun(page, 'resnet20');
  await expect(page.getByTestId(dockTestIds.exportFormat('keras'))).toBeVisible({ timeout: 60_000 });
  await new TrainPage(page).stop();
  await page.getByTestId(dockTestIds.exportFormat('keras')).click();
  await chooseFolder(page);
  await page.getByTestId(dockTestIds.exportName).fill('owls');
  await page.getByTestId(dockTestIds.exportStart).click();
  await page.getByTestId(dockTestIds.exportCancel).click();
  await expect(page.getByTestId(dockTestIds.exportProgress)).toHaveCount(0);
  await expect(page.getByTestId(dockTestIds.exportResult)).toHaveCount(0);
  await expect(page.getByTestId(dockTestIds.exportError)).toHaveCount(0);
  await expect.poll(() => readdirSync(lab.folder).filter((name) => name.includes('owls'))).toEqual([]);

  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
  expect(existsSync(join(lab.folder, 'owls', 'normlab.json'))).toBe(true);
  // The files that were announced are those that are there.
  const listed = await page.getByTestId(dockTestIds.exportFiles).locator('dt').allInnerTexts();
  expect(listed.sort()).toEqual(readdirSync(join(lab.folder, 'owls')).sort());

  // The keyboard reaches every format.
  const formats = EXPORT_FORMATS.map((format) => page.getByTestId(dockTestIds.exportFormat(format)));
  await page.getByTestId(dockTestIds.exportFormat('keras')).focus();
  await page.keyboard.press('Home');
  for (const format of formats) {
    await expect(format).toBeFocused();
    await expect(format).toBeChecked();
    await page.keyboard.press('ArrowRight');
  }
  await expect(page.getByTestId(dockTestIds.exportFormat('onnx'))).toBeFocused();
});
