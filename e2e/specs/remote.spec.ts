import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { remoteTestIds } from '../../renderer/testIds/remoteTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { RemoteFolder } from '../../workers/runs/testing/remoteFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

let lab: LabServer;
let remote: RemoteFolder;
test.beforeEach(async () => {
  lab = await LabServer.start();
  remote = new RemoteFolder(join(lab.folder, 'cluster-project', 'output'));
});
test.afterEach(() => lab[Symbol.asyncDispose]());

const phase = (page: Page) => page.getByTestId(dockTestIds.runRow('phase'));
const fact = (page: Page, name: string) => page.getByTestId(remoteTestIds.fact(name));

/** Follows the remote run by the command palette, from the welcome page: its project is opened. */
async function follow(page: Page): Promise<void> {
  await page.goto(lab.url);
  await expect(page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn'))).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('remote run');
  await page.keyboard.press('Enter');
  await new FilePicker(page).choosePath(join(lab.folder, 'cluster-project'));
  await expect(page.getByTestId(remoteTestIds.facts)).toBeVisible();
}

test('a remote run is followed live, imported at its end, and exported', async ({ page }) => {
  remote.train(1, 3);
  await follow(page);
  await expect(phase(page)).toHaveText('Running');
  await expect(fact(page, 'place')).toHaveText('2 × GPU');
  await expect(page.getByTestId(remoteTestIds.import)).toBeDisabled();
  for (const control of [
    dockTestIds.runDelete,
    dockTestIds.runResume,
    dockTestIds.runExport,
    dockTestIds.stop,
  ])
    await expect(page.getByTestId(control)).toHaveCount(0);
  await expect(page.getByTestId(dockTestIds.train)).toBeEnabled();
  const training = new TrainPage(page);

  await test.step('its curves move while lines are appended', async () => {
    const moved = training.expectCurve('loss');
    await page.waitForTimeout(300);
    remote.train(4, 8);
    await moved;
    await training.expectStepsBeyond(7);
    remote.weights('last', 1);
    remote.train(9, 14);
    await training.expectStepsBeyond(13);
    await expect(page.getByTestId(testIds.blockLive('bn1'))).toBeVisible();
    await expect(page.getByTestId(remoteTestIds.import)).toHaveText('Import so far');
    for (const size of [
      { width: 1280, height: 720 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(size);
      await station(page, `remote-running-${size.width}`);
    }
    await expectAccessible(page, 'a remote run');
  });

  await test.step('it finishes, and is imported', async () => {
    remote.train(15, 24);
    remote.finish();
    await expect(phase(page)).toHaveText('Finished');
    await station(page, 'remote-finished');
    await page.getByTestId(remoteTestIds.import).click();
    await expect(page.getByTestId(dockTestIds.runExport)).toBeVisible();
    await expect(page.getByTestId(remoteTestIds.facts)).toContainText('Trained elsewhere on');
    await expect(page.getByTestId(dockTestIds.runResume)).toHaveCount(0);
    await expect(page.getByTestId(dockTestIds.runRow('best'))).toHaveText('0.875');
    await page.getByTestId(dockTestIds.runTab('runs')).click();
    await expect(page.getByTestId(remoteTestIds.mark)).toHaveText(['imported', 'remote']);
    await station(page, 'remote-imported');
    await page.getByTestId(dockTestIds.runTab('run')).click();
  });

  await test.step('the imported run shows its statistics and is exported, verified', async () => {
    await page.getByTestId(dockTestIds.runStatistics).click();
    await expect(page.getByTestId(dockTestIds.normBlock('bn1'))).toBeVisible();
    await new EditorPage(page).openDock('export');
    await page.getByTestId(dockTestIds.exportChooseFolder).click();
    await new FilePicker(page).choosePath(lab.folder);
    await page.getByTestId(dockTestIds.exportStart).click();
    await expect(page.getByTestId(dockTestIds.exportResult)).toBeVisible({ timeout: 60_000 });
    expect(readdirSync(lab.folder).filter((name) => name.endsWith('.onnx'))).toHaveLength(1);
  });
});

test('a remote run is away and comes back, survives a restart, and is left alone when removed', async ({
  page,
}) => {
  remote.train(1, 9);
  await follow(page);
  await expect(phase(page)).toHaveText('Running');
  const hidden = join(lab.folder, 'unmounted');
  renameSync(remote.folder, hidden);
  await expect(phase(page)).toHaveText('Folder away');
  await expect(page.getByTestId(remoteTestIds.warning('away'))).toContainText('cannot be read now');
  await station(page, 'remote-away');
  await expectAccessible(page, 'a remote run that is away');

  await test.step('in Chinese and the other theme', async () => {
    await page.getByTestId(testIds.settingsMenu).click();
    await new SelectBox(page.getByTestId(testIds.languageSelect)).choose('zh-CN');
    await new SelectBox(page.getByTestId(testIds.themeSelect)).choose('dark');
    await page.keyboard.press('Escape');
    await expectNoEnglish(page, 'remote-away');
    await page.getByTestId(testIds.settingsMenu).click();
    await new SelectBox(page.getByTestId(testIds.languageSelect)).choose('en');
    await page.keyboard.press('Escape');
  });
  renameSync(hidden, remote.folder);
  remote.train(10, 11);
  remote.append([]);
  await expect(phase(page)).toHaveText('Running');
  await new TrainPage(page).expectStepsBeyond(10);

  await test.step('a training that is resumed from an earlier step is drawn anew', async () => {
    remote.write('metrics.jsonl', '');
    remote.train(1, 6);
    await expect.poll(() => new TrainPage(page).step()).toBe(6);
    await expect(page.getByTestId(dockTestIds.chartValue('loss'))).toBeVisible();
  });

  await test.step('it is remembered', async () => {
    await lab.kill();
    lab = await LabServer.startIn(lab.folder);
    await page.goto(lab.url);
    await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
    await new EditorPage(page).openDock('train');
    await page.getByTestId(dockTestIds.runOthers).click();
    await new TrainPage(page).openCard('Faraway');
    await expect(phase(page)).toHaveText('Running');
  });

  await test.step('it is removed, and its folder stays', async () => {
    await page.getByTestId(remoteTestIds.unfollow).click();
    await station(page, 'remote-unfollow');
    await page.getByTestId(remoteTestIds.unfollowConfirm).click();
    await expect(page.getByTestId(remoteTestIds.facts)).toHaveCount(0);
    expect(existsSync(remote.path('metrics'))).toBe(true);
  });
});

test('a folder without a run, and one of a newer version, are refused with the reason', async ({ page }) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new EditorPage(page).openDock('train');
  await page.getByTestId(remoteTestIds.followFromPlan).click();
  await station(page, 'remote-pick');
  await new FilePicker(page).choosePath(lab.folder);
  await expect(page.getByTestId(testIds.notice).filter({ hasText: 'no run to follow' })).toBeVisible();
  remote.writeJson('normlab-remote.json', { ...remote.facts, version: 2 });
  await page.getByTestId(remoteTestIds.followFromPlan).click();
  await new FilePicker(page).choosePath(remote.folder);
  await expect(page.getByTestId(testIds.notice).filter({ hasText: 'update NormLab' })).toBeVisible();
  await station(page, 'remote-refused');
});
