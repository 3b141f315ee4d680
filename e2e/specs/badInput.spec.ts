import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { serializeDocument } from '../../core/document/serialize.ts';
import type { GraphDocument } from '../../core/document/schema.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import {
  cyclicDocument,
  mismatchedAddDocument,
  missingWireDocument,
  tinyFlatNormDocument,
} from '../../workers/host/testing/brokenProjects.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { SmallDisk } from '../fixtures/disks.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { TrainPage } from '../pages/trainPage.ts';

const GOOD = serializeDocument(tinyDocument({ epochs: 2, threads: 1, precision: 'f32' }));

test.setTimeout(90_000);

let lab: LabServer;
test.beforeEach(async ({ page }) => {
  lab = await LabServer.start();
  await page.goto(lab.url);
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** Writes a project into the lab's folder and opens it on the screen. */
async function openProject(page: Page, document: GraphDocument | string): Promise<string> {
  const file = join(lab.folder, 'net.normlab.json');
  writeFileSync(file, typeof document === 'string' ? document : serializeDocument(document));
  await new FilesPage(page).open(file);
  return file;
}

async function expectProblem(page: Page, sentence: RegExp): Promise<void> {
  await new EditorPage(page).openDock('problems');
  await expect(page.getByTestId(testIds.problems)).toContainText(sentence);
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.trainBlockedAction)).toBeVisible();
}

test('a wire that would close a ring is refused under the pointer, and changes nothing', async ({ page }) => {
  const file = await openProject(page, GOOD);
  const editor = new EditorPage(page);
  const wires = page.locator('.vue-flow__edge');
  await expect(wires).toHaveCount(7);
  await editor.wireHeld('relu1', 'conv1');
  await expect(page.getByTestId(testIds.refusal)).toContainText(/ring|cycle|itself|loop|circle/i);
  await page.mouse.up();
  await expect(wires).toHaveCount(7);
  await editor.openDock('problems');
  await expect(page.getByTestId(testIds.problems)).not.toContainText(/ring|cycle/i);
  expect(readFileSync(file, 'utf8')).toBe(GOOD);
});

const NETWORKS: readonly [name: string, make: () => GraphDocument, sentence: RegExp][] = [
  ['in a ring', cyclicDocument, /conv1.*(ring|cycle|circle|loop)|(ring|cycle|circle|loop).*conv1/i],
  ['with a missing wire', missingWireDocument, /bn1.*(wire|input)/i],
  ['with an Add of two shapes', mismatchedAddDocument, /adds 4 × 6 × 6 \(in1\) and 1 × 6 × 6 \(in2\)/],
];
for (const [name, make, sentence] of NETWORKS) {
  test(`a network ${name} opens, says what is wrong at its block, and cannot be trained`, async ({
    page,
  }) => {
    const file = await openProject(page, make());
    await expect(new EditorPage(page).block('conv1')).toBeVisible();
    await expectProblem(page, sentence);
    expect(readFileSync(file, 'utf8')).toBe(serializeDocument(make()));
  });
}

const FILES: readonly [name: string, text: string, sentence: RegExp][] = [
  ['cut in half', GOOD.slice(0, GOOD.length / 2), /project.*(ends|cut|truncated)/i],
  [
    'of a future version',
    GOOD.replace('"version": 1', '"version": 9'),
    /version 9.*up to version 1.*open it in a newer NormLab/,
  ],
];
for (const [name, text, sentence] of FILES) {
  test(`a project file ${name} is refused with its name, and left as it is`, async ({ page }) => {
    const file = await openProject(page, text);
    const files = new FilesPage(page);
    await files.expectNotice(sentence);
    await files.expectNotice(basename(file));
    await expect(page.getByTestId(testIds.welcome)).toBeVisible();
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
}

test('a Dense BatchNorm that would see a batch of one: the plan says so and does not start', async ({
  page,
}) => {
  await drawImages(join(lab.folder, 'train'), 8, 1);
  await openProject(page, tinyFlatNormDocument({ batchSize: 1, threads: 1 }));
  await new FilesPage(page).chooseImages(join(lab.folder, 'train'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('24');
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.trainProblem(0))).toContainText(/bn1.*batch/i);
  await expect(page.getByTestId(dockTestIds.planStart)).toBeDisabled();
  expect(readdirSync(join(lab.folder, 'lab-home', 'runs'))).toEqual([]);
});

test('a folder without images, and one with a single class, say so', async ({ page }) => {
  mkdirSync(join(lab.folder, 'empty', 'a'), { recursive: true });
  await drawImages(join(lab.folder, 'one-class'), 4, 1, ['only']);
  await openProject(page, GOOD);
  const files = new FilesPage(page);
  await files.chooseImages(join(lab.folder, 'empty'));
  await expect(page.getByTestId(dockTestIds.dataError)).toContainText(
    /empty” holds no images; choose a folder/,
  );
  await files.chooseImages(join(lab.folder, 'one-class'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('4');
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.trainProblem(0))).toContainText(
    /one-class” holds only one class \(only\).*add a second/,
  );
  await expect(page.getByTestId(dockTestIds.planStart)).toBeDisabled();
});

test('saving into a read-only folder fails in words; the work and the old file stay', async ({ page }) => {
  using disk = SmallDisk.mount(join(lab.folder, 'disk'), 256);
  test.skip(disk === null, 'needs the right to mount a tmpfs');
  if (disk === null) return;
  const file = join(disk.folder, 'net.normlab.json');
  writeFileSync(file, GOOD);
  const files = new FilesPage(page);
  await files.open(file);
  const editor = new EditorPage(page);
  await editor.setParam('conv1', 'filters', '7');
  disk.makeReadOnly();
  await editor.deselect();
  await files.save();
  await files.expectNotice(/Cannot write .*net\.normlab\.json: the disk is read-only; choose another folder/);
  await editor.expectShape('conv1', '7 × 6 × 6');
  expect(readFileSync(file, 'utf8')).toBe(GOOD);
  // The remedy that the message names.
  await files.saveAs(join(lab.folder, 'elsewhere.normlab.json'));
  await files.expectNotice(/elsewhere/);
  expect(readFileSync(join(lab.folder, 'elsewhere.normlab.json'), 'utf8')).toContain('"filters": 7');
});

test('a full disk under an export and under a run says so; what lies there stays', async ({ page }) => {
  using disk = SmallDisk.mount(join(lab.folder, 'disk'), 256);
  test.skip(disk === null, 'needs the right to mount a tmpfs');
  if (disk === null) return;
  // Only a file of the format is ever overwritten.
  const earlier = Buffer.from([0x08, 0x08, 0x12, 0x00]);
  writeFileSync(join(disk.folder, 'tiny.onnx'), earlier);
  disk.fill();
  await drawImages(join(lab.folder, 'train'), 8, 1);
  await openProject(page, GOOD);
  await new FilesPage(page).chooseImages(join(lab.folder, 'train'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('24');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.runExport)).toBeVisible({ timeout: 60_000 });

  await new EditorPage(page).openDock('export');
  await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).choosePath(disk.folder);
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await page.getByTestId(dockTestIds.exportName).fill('tiny');
  await expect(page.getByTestId(dockTestIds.exportName)).toHaveValue('tiny');
  await page.getByTestId(dockTestIds.exportStart).click();
  await page.getByTestId(dockTestIds.exportReplaceYes).click();
  await expect(page.getByTestId(dockTestIds.exportError)).toContainText(
    /The disk is full: .*tiny\.onnx could not be written; free some space/,
    { timeout: 60_000 },
  );
  expect(readFileSync(join(disk.folder, 'tiny.onnx'))).toEqual(earlier);
  expect(readdirSync(disk.folder).sort()).toEqual(['.filler', 'tiny.onnx']);

  using runs = SmallDisk.mount(join(lab.folder, 'lab-home', 'runs'), 64);
  runs?.fill();
  await new EditorPage(page).openDock('train');
  await new TrainPage(page).confirm();
  await expect(
    page.getByText(/The disk is full: .*could not be written; free some space/).first(),
  ).toBeVisible();
  await expect(page.getByTestId(dockTestIds.train)).toBeVisible();
});
