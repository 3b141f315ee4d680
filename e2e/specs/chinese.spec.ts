import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { serializeDocument } from '../../core/document/serialize.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { mismatchedAddDocument } from '../../workers/host/testing/brokenProjects.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ locale: 'zh-CN' });
test.setTimeout(120_000);

let lab: LabServer;
test.beforeEach(async ({ page }) => {
  lab = await LabServer.start();
  await page.goto(lab.url);
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

async function openProject(page: Page, text: string): Promise<void> {
  const file = join(lab.folder, 'net.normlab.json');
  writeFileSync(file, text);
  await new FilesPage(page).open(file);
}

const tiny = (settings: Parameters<typeof tinyDocument>[0]): string =>
  serializeDocument(tinyDocument({ epochs: 2, threads: 1, precision: 'f32', ...settings }));

test('a broken project is refused in Chinese', async ({ page }) => {
  const whole = tiny({});
  await openProject(page, whole.slice(0, whole.length / 2));
  await new FilesPage(page).expectNotice(/项目文件在第 \d+ 个字符处（第 \d+ 行第 \d+ 列）中断/);
  await expectNoEnglish(page, 'cut-project');
  await openProject(page, whole.replace('"epochs": 2', '"epochs": "two"'));
  await new FilesPage(page).expectNotice(/项目在 training\.epochs 处无效：应为 number，实为 string。/);
  await expectNoEnglish(page, 'invalid-project');
});

test('a notice that is open follows the language, for screen readers too', async ({ page }) => {
  const whole = tiny({});
  await openProject(page, whole.slice(0, whole.length / 2));
  await new FilesPage(page).expectNotice(/项目文件在第 \d+ 个字符处/);
  const spoken = page.locator('[aria-live="assertive"]').filter({ hasText: '项目文件' });
  await expect(spoken).toHaveCount(1);
  const choose = async (language: string): Promise<void> => {
    await page.getByTestId(testIds.settingsMenu).click();
    await new SelectBox(page.getByTestId(testIds.languageSelect)).choose(language);
    await page.keyboard.press('Escape');
  };
  await choose('en');
  const notice = page.getByTestId(testIds.notice);
  await expect(notice).toHaveCount(1);
  await expect(notice).toContainText(/ends in the middle, at character \d+/);
  await expect(spoken).toHaveCount(0);
  await expect(page.locator('[aria-live="assertive"]').filter({ hasText: 'ends in the middle' })).toHaveCount(
    1,
  );
  await choose('zh-CN');
  await expect(notice).toContainText('项目文件在第');
  await expect(spoken).toHaveCount(1);
  await expectNoEnglish(page, 'notice');
  await notice.getByRole('button', { name: '关闭' }).click();
  await expect(notice).toHaveCount(0);
});

test('folders that cannot be used, and what is wrong in one that can, are told in Chinese', async ({
  page,
}) => {
  mkdirSync(join(lab.folder, 'empty', 'a'), { recursive: true });
  await drawImages(join(lab.folder, 'one'), 4, 1, ['only']);
  await drawImages(join(lab.folder, 'odd'), 4, 1);
  writeFileSync(join(lab.folder, 'odd', 'a', 'text.png'), 'no image at all');
  writeFileSync(join(lab.folder, 'odd', 'b', 'scan.dcm'), Buffer.alloc(200, 1));
  mkdirSync(join(lab.folder, 'odd', 'nothing'));
  await openProject(page, tiny({}));
  const files = new FilesPage(page);
  await files.chooseImages(join(lab.folder, 'empty'));
  await expect(page.getByTestId(dockTestIds.dataError)).toContainText(
    '中没有图像；请选择每个类别各有一个图像子文件夹的文件夹',
  );
  await expectNoEnglish(page, 'no-images');
  await files.chooseImages(join(lab.folder, 'one'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('4');
  await new EditorPage(page).openDock('train');
  await expect(page.getByTestId(dockTestIds.trainProblem(0))).toContainText('只有一个类别（only）');
  await expectNoEnglish(page, 'one-class');
  await files.chooseImages(join(lab.folder, 'odd'));
  await expect(page.getByTestId(dockTestIds.dataSkipped)).toContainText('内容是文本，不是图像');
  await expect(page.getByTestId(dockTestIds.dataSkipped)).toContainText('不支持 DICOM；请转换为 JPEG 或 PNG');
  await expect(page.getByTestId(dockTestIds.dataWarnings)).toContainText(
    '没有可用图像、不作为类别的文件夹：nothing。',
  );
  await expectNoEnglish(page, 'odd-folder');
});

test('a run that diverges, one that is gone, and an export over a foreign file speak Chinese', async ({
  page,
}) => {
  await drawImages(join(lab.folder, 'train'), 8, 1);
  await openProject(page, tiny({ epochs: 1 }));
  await new FilesPage(page).chooseImages(join(lab.folder, 'train'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('24');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.runExport)).toBeVisible({ timeout: 60_000 });
  await expectNoEnglish(page, 'finished-run');

  writeFileSync(join(lab.folder, 'tiny.onnx'), 'my own text');
  await new EditorPage(page).openDock('export');
  await page.getByTestId(dockTestIds.exportFormat('onnx')).click();
  await page.getByTestId(dockTestIds.exportChooseFolder).click();
  await new FilePicker(page).choosePath(lab.folder);
  await page.getByTestId(dockTestIds.exportName).fill('tiny');
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportError)).toContainText(
    '不是 ONNX 文件，不会被覆盖：请换一个名称。',
  );
  await expectNoEnglish(page, 'foreign-file');
  await page.getByTestId(dockTestIds.exportName).fill('free');
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByText('的统计量已冻结')).toBeVisible({ timeout: 60_000 });
  await expectNoEnglish(page, 'exported');

  const runs = join(lab.folder, 'lab-home', 'runs');
  renameSync(runs, `${runs}-gone`);
  mkdirSync(runs);
  await page.getByTestId(dockTestIds.exportName).fill('again');
  await page.getByTestId(dockTestIds.exportStart).click();
  await expect(page.getByTestId(dockTestIds.exportError)).toContainText(/没有运行 /);
  await expectNoEnglish(page, 'run-gone');
  rmSync(runs, { recursive: true });
  renameSync(`${runs}-gone`, runs);
});

test('problems of a network and paths that lead nowhere are told in Chinese', async ({ page }) => {
  await openProject(page, serializeDocument(mismatchedAddDocument()));
  const editor = new EditorPage(page);
  await editor.openDock('problems');
  await expect(page.getByTestId(testIds.problems)).toContainText('4 × 6 × 6');
  await expectNoEnglish(page, 'problems');
  await editor.openDock('data');
  await page.getByTestId(dockTestIds.dataChoose).first().click();
  const path = page.getByTestId(dockTestIds.filePath);
  await path.fill(join(lab.folder, 'no-such-folder'));
  await path.press('Enter');
  await expect(page.getByTestId(dockTestIds.fileError)).toContainText('处没有任何内容。');
  await path.fill('/');
  await path.press('Enter');
  await expect(page.getByTestId(dockTestIds.fileError)).toContainText('位于本实验室可打开的文件夹');
  await expectNoEnglish(page, 'no-path');
});

test('a run that diverges says so in Chinese', async ({ page }) => {
  await drawImages(join(lab.folder, 'train'), 8, 1);
  await openProject(page, tiny({ epochs: 3, learningRate: 1e30 }));
  await new FilesPage(page).chooseImages(join(lab.folder, 'train'));
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('24');
  await new TrainPage(page).confirm();
  await expect(page.getByTestId(dockTestIds.runError)).toContainText(/第 \d+ 步（第 \d+ 轮）/, {
    timeout: 60_000,
  });
  await expectNoEnglish(page, 'diverged');
});
