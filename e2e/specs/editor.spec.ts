import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { SAMPLE_IMAGES } from '../fixtures/imageFolders.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

let lab: LabServer;
test.beforeAll(async () => {
  lab = await LabServer.start();
});
test.afterAll(() => lab[Symbol.asyncDispose]());

async function openTemplate(page: Page, name: string): Promise<EditorPage> {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate(name)).click();
  await expect(new EditorPage(page).block('input')).toBeVisible();
  return new EditorPage(page);
}

test('every gesture is one undo step, and undo ends where it began', async ({ page }) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  const blocks = page.locator('.vue-flow__node');
  const begun = await blocks.count();
  await editor.setParam('conv1', 'filters', '48');
  await editor.setTraining('epochs', '7');
  await editor.block('conv1').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+d');
  await expect(blocks).toHaveCount(2 * begun);
  await page.keyboard.press('Delete');
  await expect(blocks).toHaveCount(begun);

  const undo = page.getByTestId(testIds.undo);
  for (let step = 0; step < 5; step += 1) await editor.undo();
  await expect(undo).toBeDisabled();
  await editor.expectShape('conv1', '32 × 28 × 28');
  await page.keyboard.press('Control+z');
  await expect(blocks).toHaveCount(begun);
  for (let step = 0; step < 5; step += 1) await editor.redo();
  await editor.expectShape('conv1', '48 × 28 × 28');
  await editor.deselect();
  await expect(page.getByTestId(testIds.training('epochs'))).toHaveValue('7');
});

test('in a field Ctrl+Z takes back what was typed there, on the canvas the last gesture', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.setParam('conv1', 'filters', '48');
  const field = page.getByTestId(testIds.param('filters'));
  await field.press('Control+a');
  await field.pressSequentially('5');
  await editor.expectShape('conv1', '5 × 28 × 28');
  await field.press('Control+z');
  await expect(field).toHaveValue('48');
  await editor.expectShape('conv1', '48 × 28 × 28');
  await field.press('Enter');
  await editor.deselect();
  await editor.undo();
  await editor.expectShape('conv1', '32 × 28 × 28');
});

test('blocks travel as text; a second paste stands beside the first; other text is refused', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.block('bn1').click();
  await page.keyboard.press('Control+c');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(text)).toMatchObject({ format: 'normlab-fragment' });
  await page.keyboard.press('Control+v');
  await page.keyboard.press('Control+v');
  const first = await editor.block('bn2').boundingBox();
  const second = await editor.block('bn3').boundingBox();
  expect(second?.x).toBeGreaterThan((first?.x ?? 0) + 5);
  await editor.undo();
  await expect(editor.block('bn3')).toHaveCount(0);
  await expect(editor.block('bn2')).toBeVisible();

  await page.evaluate(() => navigator.clipboard.writeText('no blocks at all'));
  await page.keyboard.press('Control+v');
  await expect(page.getByTestId(testIds.notice)).toBeVisible();
});

test('a deleted block closes its gap, a block dropped on a wire opens one', async ({ page }) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.block('bn1').click();
  await page.keyboard.press('Backspace');
  await expect(editor.block('bn1')).toHaveCount(0);
  await expect(page.getByTestId(testIds.canvas).locator('[data-id="relu1.in"]')).toBeVisible();
  await expect(page.getByTestId(dockTestIds.train)).toBeEnabled();

  const wire = await page.locator('.vue-flow__edge[data-id="relu1.in"] path').first().boundingBox();
  const canvas = await page.getByTestId(testIds.canvas).boundingBox();
  if (wire === null || canvas === null) throw new Error('no wire to aim at');
  await editor.dragFromPalette('batchNorm', {
    x: wire.x + wire.width / 2 - canvas.x,
    y: wire.y + wire.height / 2 - canvas.y,
  });
  await expect(page.locator('.vue-flow__edge[data-id="bn1.in"]')).toHaveCount(1);
  await editor.expectShape('bn1', '32 × 28 × 28');
});

test('without a mouse: find a block, add it, list the commands', async ({ page }) => {
  const editor = await openTemplate(page, 'empty');
  await page.keyboard.press('Space');
  await page.getByTestId(testIds.searchPaletteInput).fill('batch');
  await page.keyboard.press('Enter');
  await expect(editor.block('bn1')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByTestId(testIds.commandPaletteInput).fill('select all');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  await expect(page.getByTestId(testIds.canvasEmpty)).toBeVisible();
});

test('open projects come back with a reload, unsaved work included; another window begins empty', async ({
  page,
  context,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.setParam('conv1', 'filters', '48');
  await page.getByTestId(testIds.newProject).click();
  await page.getByTestId(testIds.welcomeTemplate('bn-mlp')).click();
  await page.getByTestId(testIds.projectTab(0)).click();
  await editor.expectShape('conv1', '48 × 28 × 28');
  await page.reload();
  await editor.expectShape('conv1', '48 × 28 × 28');
  await expect(page.getByTestId(testIds.projectTab(0))).toContainText('*');
  await expect(page.getByTestId(testIds.projectTab(1))).not.toContainText('*');

  const other = await context.newPage();
  await other.goto(lab.url);
  await expect(other.getByTestId(testIds.welcome)).toBeVisible();
  await expect(other.getByTestId(testIds.projectTab(0))).toHaveCount(0);
  await other.close();

  // The window is closed permanently: the next one restores its projects.
  await page.close();
  const next = await context.newPage();
  await next.goto(lab.url);
  await new EditorPage(next).expectShape('conv1', '48 × 28 × 28');
});

test('a run starts from any tab, shows its drift on the cards, and is at hand wherever one goes', async ({
  page,
}) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeFolder).click();
  await new FilePicker(page).choosePath(SAMPLE_IMAGES);
  const editor = new EditorPage(page);
  const training = new TrainPage(page);
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('1,600');
  await training.start();
  await expect(page.getByTestId(testIds.blockLive('bn1'))).toContainText('σ', { timeout: 60_000 });
  await page.getByTestId(testIds.newProject).click();
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
  await training.pause();
  await page.reload();
  await training.expectPaused();
  await expect(page.getByTestId(testIds.blockLive('bn1'))).toBeVisible();
  // A project opened beside it does not affect the run.
  await page.getByTestId(testIds.newProject).click();
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await expect(editor.block('bn1')).toBeVisible();
  await expect(page.getByTestId(testIds.blockLive('bn1'))).toHaveCount(0);
  await expect(page.getByTestId(dockTestIds.stop)).toHaveCount(0);
  await page.getByTestId(dockTestIds.otherRun).click();
  await page.getByTestId(dockTestIds.runStop).click();
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Stopped', { timeout: 30_000 });
});

test('the sample starts by itself, and its plan is at hand', async ({ page }) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeSample).click();
  await new TrainPage(page).expectRunning();
  await expect(page.getByTestId(dockTestIds.trainPanel)).toBeVisible();
  await new TrainPage(page).expectStepsBeyond(5);
  await new TrainPage(page).stop();
});

test('a BatchNorm preset that has two names shows both, says so, and tells what frozen statistics mean', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.block('bn1').click();
  const preset = (name: string) => page.getByTestId(testIds.preset(name));
  const inspector = page.getByTestId(testIds.inspector);
  await expect(preset('train')).toHaveAttribute('aria-pressed', 'true');
  await expect(inspector).toContainText('PyTorch momentum 0.1');
  for (const [name, twin] of [
    ['caffeGlobalStats', 'affineOnly'],
    ['kerasFrozen', 'frozen'],
  ] as const) {
    await preset(name).click();
    await expect(preset(name)).toHaveAttribute('aria-pressed', 'true');
    await expect(preset(twin)).toHaveAttribute('aria-pressed', 'true');
    await expect(inspector).toContainText('two names for the same switches');
    await expect(inspector).toContainText('average and decay have no effect');
    await expect(editor.block('bn1')).toContainText('running stats · no update');
  }
  await expect(inspector).toContainText('normalizes by the initial mean 0 and variance 1');
  await editor.undo();
  await editor.undo();
  await expect(preset('train')).toHaveAttribute('aria-pressed', 'true');
  await expect(inspector).not.toContainText('two names');
});
