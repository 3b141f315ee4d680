import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runNode } from '../../build/setup/shell.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { SAMPLE_IMAGES } from '../fixtures/imageFolders.ts';
import { openShell } from '../fixtures/shell.ts';
import { station } from '../fixtures/station.ts';

// The window's own Chromium cannot be traced from here.
test.use({ trace: 'off' });

test.beforeAll(() => {
  expect(runNode('build/package/runBundle.ts')).toBe(0);
});

test('the window opens, talks to the lab host, and uses the system dialogs', async () => {
  await using shell = await openShell();
  test.info().annotations.push({ type: 'runs on', description: shell.runsOn });
  const { page } = shell;
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await shell.answerNextDialog({ canceled: false, filePaths: [join(SAMPLE_IMAGES, 'train')] });
  await page.getByTestId(testIds.dockTab('data')).click();
  await page.getByTestId(dockTestIds.dataChoose).click();
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('1,600');
  await expect(page.getByTestId(dockTestIds.dataClass(0))).toContainText('circle');
});

test('a folder that is dropped is used; what has no place on the disk is no folder', async () => {
  await using shell = await openShell();
  const { page } = shell;
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await page.getByTestId(testIds.dockTab('data')).click();
  await shell.drop(page.getByTestId(dockTestIds.dataPanel), join(SAMPLE_IMAGES, 'train'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('1,600');
  const [image = ''] = readdirSync(join(SAMPLE_IMAGES, 'train', 'circle'));
  await shell.drop(page.getByTestId(dockTestIds.dataPanel), join(SAMPLE_IMAGES, 'train', 'circle', image));
  await expect(page.getByTestId(testIds.notice)).toContainText('That is a file');
  expect(
    await page.evaluate(async () => {
      const { normlabShell } = window as { normlabShell?: { grantDropped(file: File): Promise<unknown> } };
      return normlabShell?.grantDropped(new File([], 'train'));
    }),
  ).toBeNull();
});

test('a dialog that the user closes changes nothing', async () => {
  await using shell = await openShell();
  const { page } = shell;
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await shell.answerNextDialog({ canceled: true, filePaths: [] });
  await page.getByTestId(testIds.dockTab('data')).click();
  await page.getByTestId(dockTestIds.dataChoose).click();
  await expect(page.getByTestId(dockTestIds.dataChoose)).toBeVisible();
  await expect(page.getByTestId(dockTestIds.dataError)).toHaveCount(0);
});

test('an image is picked in the system dialog', async () => {
  await using shell = await openShell();
  const { page } = shell;
  const [image = ''] = readdirSync(join(SAMPLE_IMAGES, 'train', 'circle'));
  const file = join(SAMPLE_IMAGES, 'train', 'circle', image);
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
  await shell.answerNextDialog({ canceled: false, filePaths: [file] });
  const picked = await page.evaluate(async () => {
    const { normlabShell } = window as { normlabShell?: { pickImage(title: string): Promise<unknown> } };
    return normlabShell?.pickImage('An image');
  });
  expect(picked).toMatchObject({ path: file, name: image });
});

test('a crash of the lab host leaves the window and the work in it', async () => {
  await using shell = await openShell();
  const { page } = shell;
  await page.getByTestId(testIds.welcomeTemplate('bn-mlp')).click();
  await expect(page.getByTestId(testIds.block('bn1'))).toBeVisible();
  await shell.crashHost();
  await expect(page.getByTestId(testIds.block('bn1'))).toBeVisible();
  // The restarted host answers again.
  await shell.answerNextDialog({ canceled: false, filePaths: [join(SAMPLE_IMAGES, 'train')] });
  await page.getByTestId(testIds.dockTab('data')).click();
  await expect(async () => {
    await page.getByTestId(dockTestIds.dataChoose).click({ timeout: 2_000 });
    await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('1,600', { timeout: 5_000 });
  }).toPass({ timeout: 40_000 });
});

test('the page stays where it is: no other address, no window, no Node', async () => {
  await using shell = await openShell();
  const { page } = shell;
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
  const address = page.url();
  await page.evaluate(() => {
    window.location.href = 'https://example.org/';
  });
  await page.evaluate(() => window.open('https://example.org/'));
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
  expect(page.url()).toBe(address);
  expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
  expect(
    await page.evaluate(() => Object.keys((window as { normlabShell?: object }).normlabShell ?? {}).sort()),
  ).toEqual([
    ...['grantDropped', 'pickFolder', 'pickImage', 'pickModel', 'pickProject', 'pickSave'],
    ...['requestLabPort', 'restartLab'],
  ]);
});

test('closing the window during a run asks, and saves before it ends', async () => {
  await using shell = await openShell();
  const { page } = shell;
  await shell.answerNextDialog({ canceled: false, filePaths: [SAMPLE_IMAGES] });
  await page.getByTestId(testIds.welcomeFolder).click();
  await page.getByTestId(testIds.dockTab('train')).click();
  await page.getByTestId(dockTestIds.planStart).click({ timeout: 30_000 });
  await expect(page.getByTestId(dockTestIds.pause)).toBeEnabled({ timeout: 60_000 });
  await shell.answerNextDialog({ response: 1 }); // keep training
  await shell.closeWindow();
  // While the question is open, another request is ignored.
  if (shell.runsOn === 'double')
    await expect.poll(async () => (await shell.tell()).dialogs).toContain('sample-images is still training.');
  await expect(page.getByTestId(dockTestIds.pause)).toBeEnabled();
  await shell.answerNextDialog({ response: 0 }); // pause and quit
  await shell.closeWindow();
  await shell.ended();
});

test('closing twice asks once', async () => {
  await using shell = await openShell();
  test.skip(shell.runsOn === 'electron', 'only the double keeps a dialog open for the test');
  const { page } = shell;
  // The sample starts by itself.
  await page.getByTestId(testIds.welcomeSample).click();
  await expect(page.getByTestId(dockTestIds.pause)).toBeEnabled({ timeout: 60_000 });
  for (let click = 0; click < 4; click += 1) await shell.closeWindow();
  await expect.poll(async () => (await shell.tell()).dialogs.length).toBe(1);
  await expect(page.getByTestId(dockTestIds.pause)).toBeEnabled();
});

test('a lab host that does not answer keeps the window only as long as the user wants', async () => {
  await using shell = await openShell();
  await expect(shell.page.getByTestId(testIds.welcome)).toBeVisible();
  await shell.blockHost();
  await shell.answerNextDialog({ response: 1 }); // wait
  await shell.answerNextDialog({ response: 0 }); // close anyway
  await shell.closeWindow();
  if (shell.runsOn === 'double')
    await expect
      .poll(async () => (await shell.tell()).dialogs, { timeout: 15_000 })
      .toEqual(['The lab host does not answer.']);
  await expect(shell.page.getByTestId(testIds.welcome)).toBeVisible();
  await expect(async () => {
    await shell.closeWindow().catch(() => undefined);
    await Promise.race([shell.ended(), new Promise((_, reject) => setTimeout(reject, 5_000))]);
  }).toPass({ timeout: 40_000 });
});

test('a minimized window comes back when the app is started or clicked again', async () => {
  await using shell = await openShell();
  await expect(shell.page.getByTestId(testIds.welcome)).toBeVisible();
  for (const again of [() => shell.secondInstance(), () => shell.activate()]) {
    await shell.minimize();
    expect((await shell.tell()).isMinimized).toBe(true);
    await again();
    expect((await shell.tell()).isMinimized).toBe(false);
  }
});

test('a lab host that keeps crashing is given up with a word, and started again when asked', async () => {
  await using shell = await openShell();
  test.skip(shell.runsOn === 'electron', 'the hosts are counted by the double');
  const { page } = shell;
  await page.getByTestId(testIds.welcomeTemplate('bn-mlp')).click();
  await expect(page.getByTestId(testIds.block('bn1'))).toBeVisible();
  for (let hosts = 1; hosts <= 6; hosts += 1) {
    await expect.poll(async () => (await shell.tell()).hosts, { timeout: 20_000 }).toBe(hosts);
    await shell.crashHost();
  }
  const notice = page.getByTestId(testIds.labStopped);
  await expect(notice).toContainText('The lab host has stopped');
  await station(page, 'lab-stopped');
  await expect(page.getByTestId(testIds.block('bn1'))).toBeVisible();
  // A reloaded page receives it as well.
  await page.reload();
  await expect(notice).toBeVisible();
  await page.getByTestId(testIds.labRestart).click();
  await expect(notice).toHaveCount(0);
  await expect(page.getByTestId(testIds.connectionState)).toHaveCount(0, { timeout: 30_000 });
  await shell.answerNextDialog({ canceled: false, filePaths: [join(SAMPLE_IMAGES, 'train')] });
  await page.getByTestId(testIds.dockTab('data')).click();
  await page.getByTestId(dockTestIds.dataChoose).click();
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('1,600', { timeout: 30_000 });
});

test('closing the window ends the app', async () => {
  await using shell = await openShell();
  await expect(shell.page.getByTestId(testIds.welcome)).toBeVisible();
  await shell.closeWindow();
  await shell.ended();
});

test('messages that do not fit the contract are refused', async () => {
  await using shell = await openShell();
  const refusal = await shell.page.evaluate(async () => {
    const bridge = (window as unknown as { normlabShell: { pickFolder(title: unknown): Promise<unknown> } })
      .normlabShell;
    return bridge.pickFolder({ path: '/etc' }).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  });
  expect(refusal).toContain('do not fit the contract');
});
