import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { serializeDocument } from '../../core/document/serialize.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { clusterTestIds } from '../../renderer/testIds/clusterTestIds.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';

let lab: LabServer;
test.beforeEach(async ({ page }) => {
  lab = await LabServer.start();
  await drawImages(join(lab.folder, 'images'), 8, 1);
  await page.goto(lab.url);
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** Opens the dialog from the plan. */
async function openDialog(page: Page): Promise<void> {
  await new EditorPage(page).openDock('train');
  await page.getByTestId(clusterTestIds.open).click();
}

async function chooseFolder(page: Page): Promise<void> {
  await page.getByTestId(clusterTestIds.chooseFolder).click();
  await new FilePicker(page).choosePath(lab.folder);
}

test.describe('in dark English', () => {
  test.use({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });

  test('a project is written, and replaced only on request', async ({ page }) => {
    const file = join(lab.folder, 'net.normlab.json');
    writeFileSync(file, serializeDocument(tinyDocument({ epochs: 2 })));
    await new FilesPage(page).open(file);
    await new FilesPage(page).chooseImages(join(lab.folder, 'images'));
    await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('24');
    await new EditorPage(page).openDock('train');
    await expect(page.getByTestId(dockTestIds.planStart)).toBeEnabled();
    await station(page, 'cluster-0-plan');
    await openDialog(page);
    await expect(page.getByTestId(clusterTestIds.facts)).toContainText(
      'Global batch 5 images, 2 epochs, f32',
    );
    await expect(page.getByTestId(clusterTestIds.write)).toBeDisabled();
    await chooseFolder(page);
    await page.getByTestId(clusterTestIds.name).fill('../elsewhere');
    await expect(page.getByTestId(clusterTestIds.write)).toBeDisabled();
    await page.getByTestId(clusterTestIds.name).fill('on-cluster');
    await page.getByTestId(clusterTestIds.gpus).fill('2');
    await station(page, 'cluster-1-dialog');
    await expectAccessible(page, 'dialog of the cluster');
    await page.getByTestId(clusterTestIds.write).click();
    await expect(page.getByTestId(clusterTestIds.command)).toHaveText(
      'torchrun --nproc-per-node 2 train.py --data IMAGES',
    );
    await station(page, 'cluster-2-done');
    const script = readFileSync(join(lab.folder, 'on-cluster', 'slurm.sh'), 'utf8');
    expect(script).toContain('--nproc-per-node 2');

    await page.keyboard.press('Escape');
    await openDialog(page);
    await chooseFolder(page);
    await page.getByTestId(clusterTestIds.name).fill('on-cluster');
    await page.getByTestId(clusterTestIds.write).click();
    await expect(page.getByTestId(clusterTestIds.replace)).toBeVisible();
    await station(page, 'cluster-3-replace');
    await page.getByTestId(clusterTestIds.replace).click();
    await expect(page.getByTestId(clusterTestIds.done)).toBeVisible();
  });
});

test.describe('in light Chinese', () => {
  test.use({ viewport: { width: 1920, height: 1080 }, colorScheme: 'light', locale: 'zh-CN' });

  test('what a project for a cluster does not have is listed, and nothing is written', async ({ page }) => {
    const document = tinyDocument();
    const nodes = Object.entries(document.graph.nodes).map(([id, node]) => [
      id,
      id === 'bn1' ? { ...node, params: { ...node.params, ghostSize: 2 } } : node,
    ]);
    const ghost = { ...document, graph: { ...document.graph, nodes: Object.fromEntries(nodes) as never } };
    const file = join(lab.folder, 'ghost.normlab.json');
    writeFileSync(file, serializeDocument(ghost));
    await new FilesPage(page).open(file);
    await new FilesPage(page).chooseImages(join(lab.folder, 'images'));
    await openDialog(page);
    await chooseFolder(page);
    await expect(page.getByTestId(clusterTestIds.refusal)).toContainText('bn1');
    await expect(page.getByTestId(clusterTestIds.write)).toBeDisabled();
    await station(page, 'cluster-4-refused');
    await expectNoEnglish(page, 'cluster');
    expect(existsSync(join(lab.folder, 'Tiny-cluster'))).toBe(false);
  });
});
