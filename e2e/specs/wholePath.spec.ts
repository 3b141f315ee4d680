import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { SAMPLE_IMAGES } from '../fixtures/imageFolders.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { readOnnx } from '../fixtures/onnxFile.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { TrainPage } from '../pages/trainPage.ts';

const BLOCKS: readonly (readonly [kind: string, at: { x: number; y: number }])[] = [
  ['conv2d', { x: 120, y: 90 }],
  ['batchNorm', { x: 120, y: 240 }],
  ['relu', { x: 120, y: 390 }],
  ['maxPool', { x: 120, y: 540 }],
  ['globalAvgPool', { x: 760, y: 90 }],
  ['dense', { x: 760, y: 240 }],
];
const PATH = ['input', 'conv1', 'bn1', 'relu1', 'pool1', 'gap1', 'dense1', 'output'];

test('builds a BatchNorm network by hand, trains it on image files, and takes the weights away', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  cpSync(SAMPLE_IMAGES, join(lab.folder, 'sample-images'), { recursive: true });

  await test.step('a new project', () => newProject(page, lab.url));
  await test.step('blocks from the palette, wired by hand', () => buildNetwork(page));
  await test.step('a folder of images', () => chooseImages(page, lab.folder));
  await test.step('training, with a curve that moves', () => trainAndPause(page));
  const file = await test.step('the export, checked by the lab', () => exportOnnx(page, lab.folder));
  await test.step('the exported file, read back', () => readBack(file));
});

async function newProject(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
  await station(page, '1-welcome');
  await page.getByTestId(testIds.welcomeTemplate('empty')).click();
  await expect(new EditorPage(page).block('input')).toBeVisible();
  await page.getByTestId(testIds.dockCollapse).click();
}

async function buildNetwork(page: Page): Promise<void> {
  const editor = new EditorPage(page);
  await page.getByTestId(testIds.zoomReset).click();
  for (const [kind, at] of BLOCKS) await editor.dragFromPalette(kind, at);
  for (let i = 1; i < PATH.length; i += 1) await editor.wire(PATH[i - 1] ?? '', PATH[i] ?? '');
  await editor.setParam('conv1', 'filters', '16');
  await editor.expectShape('conv1', '16 × 32 × 32');
  await editor.expectShape('gap1', '16');
  await editor.undo();
  await editor.expectShape('conv1', '32 × 32 × 32');
  await editor.redo();
  await editor.expectShape('conv1', '16 × 32 × 32');
  await editor.setParam('dense1', 'units', '4');
  await editor.expectShape('dense1', '4');
  await station(page, '2-network');
}

async function chooseImages(page: Page, folder: string): Promise<void> {
  const editor = new EditorPage(page);
  await editor.openDock('data');
  await page.getByTestId(dockTestIds.dataChoose).click();
  await new FilePicker(page).chooseFolder(folder, 'sample-images', 'train');
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('1,600');
  await expect(page.getByTestId(dockTestIds.dataClass(3))).toContainText('triangle');
  await station(page, '3-data');
}

async function trainAndPause(page: Page): Promise<void> {
  const editor = new EditorPage(page);
  const training = new TrainPage(page);
  await editor.setTraining('epochs', '100000');
  await editor.openDock('train');
  await expect(page.getByTestId(dockTestIds.planRow('images'))).toBeVisible();
  await station(page, '4-plan');
  await training.start();
  await training.expectStepsBeyond(20);
  await training.expectCurve('loss');
  await station(page, '5-training');
  await training.pause();
  const pausedAt = await training.step();
  // The page disappears for a moment; the run and the unsaved work do not.
  await page.reload();
  await expect(editor.block('dense1')).toBeVisible();
  await editor.openDock('train');
  await training.expectPaused();
  expect(await training.step()).toBe(pausedAt);
  await station(page, '6-paused');
  await training.resume();
  await training.expectStepsBeyond(pausedAt + 20);
  await training.stop();
  await station(page, '7-stopped');
}

async function exportOnnx(page: Page, folder: string): Promise<string> {
  await new EditorPage(page).openDock('export');
  await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).chooseFolder(folder);
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await page.getByTestId(dockTestIds.exportName).fill('by-hand');
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId(dockTestIds.exportTop1)).toContainText('100');
  await station(page, '8-exported');
  return join(folder, 'by-hand.onnx');
}

async function readBack(file: string): Promise<void> {
  const model = await readOnnx(file);
  const grey = new Float32Array(2 * 3 * 32 * 32).fill(128);
  const logits = await model.run(grey, [2, 3, 32, 32]);
  expect(logits.dims).toEqual([2, 4]);
  expect(logits.data.every((value) => Number.isFinite(value))).toBe(true);
  // The same image twice: frozen statistics do not depend on the batch.
  expect([...logits.data.slice(0, 4)]).toEqual([...logits.data.slice(4)]);
}
