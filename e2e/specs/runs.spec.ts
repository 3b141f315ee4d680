import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { TrainPage } from '../pages/trainPage.ts';

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

const CLASSES = ['cats', 'dogs', 'owls'];
/** More epochs than any machine completes during a test. */
const LONG = 100_000;
const runFolders = (): string[] => readdirSync(join(lab.folder, 'lab-home', 'runs'));

/** A small network fitted to three classes of drawn images, with `epochs` to train. */
async function openProject(page: Page, epochs: number): Promise<TrainPage> {
  const images = join(lab.folder, 'images');
  await drawImages(images, 30, 5, CLASSES);
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await fitToImages(page, epochs);
  return new TrainPage(page);
}

async function fitToImages(page: Page, epochs: number): Promise<void> {
  await new FilesPage(page).chooseImages(join(lab.folder, 'images'));
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await new EditorPage(page).setTraining('epochs', String(epochs));
  await new EditorPage(page).setTraining('batchSize', '16');
}

async function secondProject(page: Page, epochs: number): Promise<void> {
  await page.getByTestId(testIds.newProject).click();
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await fitToImages(page, epochs);
}

test('two projects with the same block names keep their runs, curves and live figures apart', async ({
  page,
}) => {
  const training = await openProject(page, LONG);
  await training.start();
  await expect(page.getByTestId(testIds.blockLive('bn1'))).toBeVisible({ timeout: 60_000 });

  await secondProject(page, 1);
  await expect(page.getByTestId(testIds.blockLive('bn1'))).toHaveCount(0);
  await expect(page.getByTestId(dockTestIds.trainStatus)).toHaveText('Idle');
  for (const tab of ['export', 'batchNorm'] as const) {
    await new EditorPage(page).openDock(tab);
    await expect(page.getByTestId(dockTestIds.runCard)).toHaveCount(0);
  }
  await expect(page.getByTestId(dockTestIds.normPanel)).toContainText('No run with statistics yet');

  // Train shows the reason: the other run uses all cores.
  await page.getByTestId(dockTestIds.train).click();
  await expect(page.getByTestId(dockTestIds.trainBlocked)).toContainText('takes all cores');
  await expect(page.locator('canvas').first()).toHaveCount(0);
  await new EditorPage(page).openDock('problems');
  await expect(page.getByTestId(dockTestIds.startProblem('otherRun'))).toBeVisible();
  await station(page, 'runs-other-blocks');
  await page.getByTestId(dockTestIds.startProblemFix('otherRun')).click();
  await expect(page.getByTestId(dockTestIds.runProject)).toContainText('of the project');
  await expect(page.getByTestId(testIds.blockLive('bn1'))).toHaveCount(0);
  await page.getByTestId(dockTestIds.runStop).click();
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Stopped', { timeout: 30_000 });

  // Its own run is the only one shown after the others are hidden again.
  await training.confirm();
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Finished', { timeout: 60_000 });
  await page.getByTestId(dockTestIds.runTab('runs')).click();
  const rows = page.getByTestId(dockTestIds.runList).getByRole('checkbox');
  await expect(rows).toHaveCount(2);
  await page.getByTestId(dockTestIds.runOthers).click();
  await expect(rows).toHaveCount(1);
});

test('after the host was killed, and after a stop, a run goes on from its card', async ({ page }) => {
  const training = await openProject(page, LONG);
  const project = join(lab.folder, 'net.normlab.json');
  await new FilesPage(page).saveAs(project);
  await training.start();
  await training.expectStepsBeyond(5);
  await training.pause();
  const pausedAt = await training.step();
  await lab.kill();
  lab = await LabServer.startIn(lab.folder);
  await page.goto(lab.url);
  await new FilesPage(page).open(project);
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Interrupted');
  await expect.poll(() => training.step()).toBeGreaterThanOrEqual(pausedAt);
  await expect(page.getByTestId(dockTestIds.runDefinition)).toContainText('Batch size');
  await station(page, 'runs-interrupted');
  await page.getByTestId(dockTestIds.runResume).click();
  await expect(page.getByTestId(dockTestIds.pause)).toBeVisible({ timeout: 60_000 });
  await training.expectStepsBeyond(pausedAt + 5);

  await training.stop();
  await lab.kill();
  lab = await LabServer.startIn(lab.folder);
  await page.goto(lab.url);
  await new FilesPage(page).open(project);
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Stopped');
  await page.getByTestId(dockTestIds.runResume).click();
  await expect(page.getByTestId(dockTestIds.pause)).toBeVisible({ timeout: 60_000 });
  expect(runFolders()).toHaveLength(1);
});

test('Train says what is missing, with the card of an old run open too, and shows the plan before a start', async ({
  page,
}) => {
  const training = await openProject(page, 1);
  await page.getByTestId(dockTestIds.train).click();
  await expect(page.getByTestId(dockTestIds.planRow('images'))).toBeVisible();
  expect(runFolders()).toEqual([]);
  await page.getByTestId(dockTestIds.planStart).click();
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Finished', { timeout: 60_000 });
  await expect(page.getByTestId(testIds.notice).filter({ hasText: 'has finished' })).toBeVisible();

  // The plan and the reason replace the old run's card.
  await new EditorPage(page).setTraining('batchSize', '200');
  await new EditorPage(page).openDock('data');
  await page.getByTestId(dockTestIds.train).click();
  await expect(page.getByTestId(dockTestIds.planRow('steps'))).toHaveText('1');
  await new EditorPage(page).openDock('data');
  await new EditorPage(page).block('output').click();
  await page.keyboard.press('Delete');
  await page.getByTestId(dockTestIds.train).click();
  await expect(page.getByTestId(dockTestIds.trainBlocked)).toContainText('cannot be trained yet');
  await station(page, 'train-answers');
  await page.getByTestId(dockTestIds.trainBlockedAction).click();
  await expect(page.getByTestId(testIds.problems)).toBeVisible();
  await page.getByTestId(testIds.undo).click();

  await page.getByTestId(dockTestIds.train).click();
  await page.getByTestId(dockTestIds.planSkip).check();
  await page.getByTestId(dockTestIds.runTab('run')).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId(dockTestIds.runCard)).toContainText('BatchNorm 2', { timeout: 30_000 });
  await expect.poll(runFolders).toHaveLength(2);
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Finished', { timeout: 60_000 });
  await training.openCard('Small CNN');
});

test('a run without images to train on: every way of Train leads to the reason and its button', async ({
  page,
}) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new EditorPage(page).openDock('problems');
  await expect(page.getByTestId(dockTestIds.startProblem('noData'))).toContainText('No images to train on');
  await station(page, 'problems-no-data');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId(dockTestIds.trainBlocked)).toContainText('No images to train on');
  await new EditorPage(page).openDock('data');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Train');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(dockTestIds.trainBlocked)).toBeVisible();
  await page.getByTestId(dockTestIds.trainBlockedAction).click();
  await expect(page.getByTestId(dockTestIds.fileDialog)).toBeVisible();
});

test('the end of a run is told by the system while nobody looks, and on the page as soon as somebody does', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const told: string[] = [];
    const state = { isHidden: false, told };
    Object.assign(window, { look: state });
    Object.defineProperty(document, 'hidden', { get: () => state.isHidden });
    class FakeNotification {
      static permission = 'granted';
      onclick = null;
      constructor(title: string, options: { body: string }) {
        told.push(`${title} ${options.body}`);
      }
    }
    Object.assign(window, { Notification: FakeNotification });
  });
  const training = await openProject(page, 600);
  const hide = (isHidden: boolean) =>
    page.evaluate((next) => {
      Object.assign(Reflect.get(window, 'look') as object, { isHidden: next });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await hide(true);
  await training.confirm();
  await expect(page).toHaveTitle(/^\d+ % · /, { timeout: 60_000 });
  const told = () => page.evaluate(() => (Reflect.get(window, 'look') as { told: string[] }).told);
  await expect.poll(told, { timeout: 90_000 }).toHaveLength(1);
  expect((await told())[0]).toMatch(/has finished\. Validation accuracy \d/);
  await expect(page.getByTestId(testIds.notice).filter({ hasText: 'has finished' })).toHaveCount(0);
  await hide(false);
  await expect(page.getByTestId(testIds.notice).filter({ hasText: 'has finished' })).toBeVisible();
  await expect(page).toHaveTitle(/^\* Small CNN/);
});

test('a run is renamed, noted, opened as a project and deleted, on the disk too', async ({ page }) => {
  const training = await openProject(page, 1);
  await training.confirm();
  await expect(page.getByTestId(dockTestIds.runRow('phase'))).toHaveText('Finished', { timeout: 60_000 });
  await page.getByTestId(dockTestIds.runRename).click();
  await page.getByTestId(dockTestIds.runName).fill('First try');
  await page.keyboard.press('Enter');
  await page.getByTestId(dockTestIds.runNote).click();
  await page.getByTestId(dockTestIds.runNoteEdit).fill('decay 0.9');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId(dockTestIds.runNote)).toHaveText('decay 0.9');
  await page.reload();
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.runCard)).toContainText('First try');
  await expect(page.getByTestId(dockTestIds.runNote)).toHaveText('decay 0.9');
  const [folder = 'none'] = runFolders();
  const about = readFileSync(join(lab.folder, 'lab-home', 'runs', folder, 'about.json'), 'utf8');
  expect(JSON.parse(about)).toEqual({ name: 'First try', note: 'decay 0.9' });

  await page.getByTestId(dockTestIds.runOpenProject).click();
  await expect(page).toHaveTitle(/First try/);
  await expect(page.getByTestId(dockTestIds.runCard)).toHaveCount(0);
  await page.getByTestId(testIds.projectTab(0)).click();

  await page.getByTestId(dockTestIds.runDelete).click();
  await expect(page.getByTestId(dockTestIds.runDeleteDialog)).toContainText('deleted for good');
  await station(page, 'runs-delete');
  await page.getByTestId(dockTestIds.runDeleteConfirm).click();
  await expect(page.getByTestId(dockTestIds.runCard)).toHaveCount(0);
  expect(runFolders()).toEqual([]);
});
