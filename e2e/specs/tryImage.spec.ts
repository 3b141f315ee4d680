import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { NODE_FLAGS } from '../../cli/nodeFlags.mjs';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { pictureTestIds } from '../../renderer/testIds/pictureTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { dropFile } from '../fixtures/drop.ts';
import { photoFolder } from '../fixtures/pretrained.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { docImage } from '../fixtures/docImage.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';
import { FilesPage } from '../pages/filesPage.ts';
import { TrainPage } from '../pages/trainPage.ts';

/** One lab with one trained run for all tests: they only read it. */
let lab: LabServer;
let run: string;
/** Images that the run did not train on. */
let images: string[];
test.describe.configure({ mode: 'serial' });
test.setTimeout(300_000);

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  lab = await LabServer.start();
  images = await prepareImages();
  const page = await browser.newPage();
  const editor = await openNetwork(page);
  // The name of the run: one word, in the Chinese test too.
  await page.getByTestId(testIds.projectName).fill('photos');
  await new FilesPage(page).chooseImages(join(lab.folder, 'train'));
  await page.getByTestId(dockTestIds.dataMismatchFix).click();
  await editor.setTraining('epochs', '2');
  await new TrainPage(page).confirm();
  await editor.openDock('train');
  await expect(page.getByTestId(dockTestIds.runStatistics)).toBeVisible({ timeout: 300_000 });
  await page.close();
  const runs = join(lab.folder, 'lab-home', 'runs');
  run = join(runs, readdirSync(runs).find((name) => !name.startsWith('.')) ?? 'none');
});
test.afterAll(() => lab[Symbol.asyncDispose]());

/** Photos where there are some, else drawn images; returns those to try. */
async function prepareImages(): Promise<string[]> {
  const photos = photoFolder();
  const tried = join(lab.folder, 'tried');
  mkdirSync(tried);
  if (photos === null) {
    await drawImages(join(lab.folder, 'train'), 40, 5, ['cats', 'dogs', 'owls']);
    await drawImages(join(lab.folder, 'test'), 3, 6, ['cats', 'dogs', 'owls']);
  } else
    for (const part of ['train', 'test'])
      cpSync(join(photos, part), join(lab.folder, part), { recursive: true });
  const classes = readdirSync(join(lab.folder, 'test'));
  for (const name of classes) {
    const [first = ''] = readdirSync(join(lab.folder, 'test', name));
    cpSync(join(lab.folder, 'test', name, first), join(tried, `${name} ${first}`));
  }
  return readdirSync(tried).map((name) => join(tried, name));
}

async function openNetwork(page: Page): Promise<EditorPage> {
  await page.goto(lab.url);
  const template = photoFolder() === null ? 'mnist-cnn-bn' : 'vgg-bn';
  await page.getByTestId(testIds.welcomeTemplate(template)).click();
  return new EditorPage(page);
}

async function openView(page: Page): Promise<EditorPage> {
  const editor = await openNetwork(page);
  await editor.openDock('evaluate');
  await page.getByTestId(evaluationTestIds.view('picture')).click();
  await expect(page.getByTestId(pictureTestIds.view)).toBeVisible();
  return editor;
}

async function choose(page: Page, file: string): Promise<void> {
  await page.getByTestId(pictureTestIds.choose).click();
  await new FilePicker(page).goTo(join(lab.folder, 'tried'));
  await page.getByTestId(dockTestIds.fileEntry(basename(file))).dblclick();
  await expect(page.getByTestId(pictureTestIds.decided)).toBeVisible({ timeout: 60_000 });
}

interface Prediction {
  readonly class: string;
  readonly probability: number;
  readonly top: readonly { readonly class: string; readonly probability: number }[];
}

/** What `normlab predict --json` says of an image. */
function predicted(file: string): Prediction {
  const normlab = fileURLToPath(new URL('../../cli/normlab.mjs', import.meta.url));
  const args = ['predict', run, file, '--json', '--top-k', '3'];
  const printed = execFileSync(process.execPath, [...NODE_FLAGS, normlab, ...args], { encoding: 'utf8' });
  const [first] = JSON.parse(printed) as Prediction[];
  if (first === undefined) throw new Error(printed);
  return first;
}

test('a chosen image: its tensor, the classes of normlab predict, and the spread of BatchNorm', async ({
  page,
}) => {
  await openView(page);
  await expect(page.getByTestId(pictureTestIds.view)).toContainText('Drop an image here');
  await station(page, 'try-image-empty');
  const [file = ''] = images;
  await choose(page, file);
  const { class: name, top } = predicted(file);
  await expect(page.getByTestId(pictureTestIds.decided)).toContainText(name);
  const classes = page.locator(`[data-testid^="${pictureTestIds.topClass(0).slice(0, -1)}"]`);
  for (const [place, each] of top.entries())
    await expect(classes.nth(place)).toContainText(
      new RegExp(`${each.class}.*${each.probability.toFixed(3)}`),
    );
  // The value under the pointer and its byte.
  await page.getByTestId(pictureTestIds.tensor).hover({ position: { x: 3, y: 3 } });
  await expect(page.getByTestId(pictureTestIds.reading)).toContainText(/x 0, y 0.*-?\d.*\(\d+\)/);
  // Batches change the answer of a network with BatchNorm.
  const random = page.getByTestId(pictureTestIds.statistics('random'));
  await expect(random).toContainText('spread 0.', { timeout: 120_000 });
  await expect(page.getByTestId(pictureTestIds.verdict)).toContainText('With 50 other images');
  await expect(page.getByTestId(pictureTestIds.statistics('stored'))).toContainText(
    (top[0]?.probability ?? NaN).toFixed(3),
  );
  // Exact statistics are measured when asked for, and from then on for each image.
  await page.getByTestId(pictureTestIds.ask('exact')).click();
  await expect(page.getByTestId(pictureTestIds.statistics('exact'))).toContainText(/0\.\d{3}|1\.000/, {
    timeout: 120_000,
  });
  await station(page, 'try-image-statistics');
  await page.getByTestId(testIds.dockFull).click();
  await page.getByTestId(pictureTestIds.choose).scrollIntoViewIfNeeded();
  await docImage(page, 'try-image');
});

test('what the network looked at: maps, feature maps and filters of the block that is clicked on the canvas', async ({
  page,
}) => {
  const editor = await openView(page);
  const [file = ''] = images;
  await choose(page, file);
  const info = page.getByTestId(pictureTestIds.mapInfo);
  const map = page.getByTestId(pictureTestIds.map);
  const drawn = () => map.evaluate((element: HTMLCanvasElement) => element.toDataURL());
  await expect(info).toContainText('Logit', { timeout: 60_000 });
  const gradCam = await drawn();
  await expect(page.getByTestId(pictureTestIds.legend)).toContainText('0');
  // Another class has another map, another block as well.
  await page.getByTestId(pictureTestIds.method('grad-cam++')).click();
  await expect.poll(drawn, { timeout: 30_000 }).not.toBe(gradCam);
  await editor.block('conv1').click();
  await expect(page.getByTestId(pictureTestIds.block)).toContainText('conv1');
  await expect(info).toContainText('Logit', { timeout: 30_000 });
  await station(page, 'try-image-map');
  const download = page.waitForEvent('download');
  await page.getByTestId(pictureTestIds.savePng).click();
  expect((await download).suggestedFilename()).toContain('conv1');
  await page.getByTestId(pictureTestIds.method('occlusion')).click();
  await page.getByTestId(pictureTestIds.occlude).click();
  await expect(info).toContainText('uncovered', { timeout: 60_000 });
  await page.getByTestId(testIds.dockFull).click();
  await page.getByTestId(pictureTestIds.side('features')).click();
  await expect(page.getByTestId(pictureTestIds.channelCell(0))).toContainText('…', { timeout: 30_000 });
  await page.getByTestId(pictureTestIds.channels).scrollIntoViewIfNeeded();
  await station(page, 'try-image-features');
  await page.getByTestId(pictureTestIds.side('filters')).click();
  await page.getByTestId(pictureTestIds.channelCell(1)).click({ timeout: 30_000 });
  await expect(page.getByTestId(pictureTestIds.channelDialog)).toContainText('Channel 1');
  await station(page, 'try-image-filter');
});

test('dropped and pasted images are classified, the canvas takes no notice, and the last ones stay at hand', async ({
  page,
}) => {
  await openView(page);
  const [first = '', second = ''] = images;
  const view = page.getByTestId(pictureTestIds.view);
  await dropFile(view, first, () => expect(page.getByTestId(pictureTestIds.veil)).toBeVisible());
  await expect(page.getByTestId(pictureTestIds.decided)).toContainText(predicted(first).class, {
    timeout: 60_000,
  });
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, readFileSync(second).toString('base64'));
  await expect(page.getByTestId(pictureTestIds.tried(1))).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId(pictureTestIds.decided)).toContainText(predicted(second).class);
  await expect(page.getByTestId(testIds.notice)).toHaveCount(0);
  await page.getByTestId(pictureTestIds.tried(1)).click();
  await expect(page.getByTestId(pictureTestIds.decided)).toContainText(predicted(first).class);
  // What is no image is refused with a reason, and the image before it stays.
  // A view with a picture is higher than the dock.
  const panel = page.getByTestId(evaluationTestIds.panel);
  await dropFile(panel, join(lab.folder, 'lab-home', 'runs', basename(run), 'run.json'));
  await expect(page.getByTestId(pictureTestIds.error)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId(pictureTestIds.decided)).toContainText(predicted(first).class);
});

test('the camera: live classes, a picture taken, off when the view is left; without permission it says so', async ({
  page,
  context,
}) => {
  await openView(page);
  await page.getByTestId(pictureTestIds.openCamera).click();
  await expect(page.getByTestId(pictureTestIds.cameraError)).toContainText('not permitted');
  await station(page, 'try-image-camera-denied');
  await context.grantPermissions(['camera']);
  await page.getByTestId(pictureTestIds.cameraError).getByRole('button', { name: 'Try again' }).click();
  const video = page.getByTestId(pictureTestIds.cameraVideo);
  const stateOf = () =>
    video.evaluate((element: HTMLVideoElement) =>
      element.srcObject instanceof MediaStream ? element.srcObject.getVideoTracks()[0]?.readyState : 'none',
    );
  await expect.poll(stateOf).toBe('live');
  await page.getByTestId(pictureTestIds.live).click();
  await expect(page.getByTestId(pictureTestIds.liveClass)).toContainText(/\d\.\d{3}/, { timeout: 60_000 });
  await page.getByTestId(pictureTestIds.capture).click();
  await expect(page.getByTestId(pictureTestIds.decided)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId(pictureTestIds.tried(0))).toBeVisible();
  await station(page, 'try-image-camera');
  const track = await video.evaluateHandle((element: HTMLVideoElement) =>
    element.srcObject instanceof MediaStream ? element.srcObject.getVideoTracks()[0] : undefined,
  );
  await page.getByTestId(testIds.dockTab('data')).click();
  expect(await track.evaluate((each) => each?.readyState)).toBe('ended');
});

test('a folder is classified into a table; an existing one is replaced only after a question', async ({
  page,
}) => {
  await openView(page);
  const begin = async (): Promise<void> => {
    await page.getByTestId(pictureTestIds.openFolder).click();
    for (const [id, folder] of [
      [pictureTestIds.folderImages, 'tried'],
      [pictureTestIds.folderDestination, ''],
    ] as const) {
      await page.getByTestId(id).click();
      await new FilePicker(page).choosePath(join(lab.folder, folder));
    }
    await page.getByTestId(pictureTestIds.folderStart).click();
  };
  await begin();
  const done = page.getByTestId(pictureTestIds.folderDone);
  await expect(done).toContainText(`${images.length} images classified`, { timeout: 60_000 });
  await station(page, 'try-image-folder');
  const [head = '', ...lines] = readFileSync(join(lab.folder, 'classes.csv'), 'utf8').trim().split(/\r?\n/);
  expect(head).toContain('file');
  expect(lines).toHaveLength(images.length);
  for (const file of images)
    expect(lines.find((line) => line.includes(basename(file)))).toContain(predicted(file).class);
  await page.getByRole('button', { name: 'Close', exact: true }).last().click();
  await begin();
  await page.getByTestId(pictureTestIds.folderReplace).click();
  await expect(done).toContainText(`${images.length} images classified`, { timeout: 60_000 });
});

test.describe('in Chinese, light and wide', () => {
  test.use({ locale: 'zh-CN', colorScheme: 'light', viewport: { width: 2560, height: 1300 } });

  test('the view has no English', async ({ page }) => {
    await openView(page);
    const [, file = ''] = images;
    await choose(page, file);
    await expect(page.getByTestId(pictureTestIds.verdict)).toBeVisible({ timeout: 120_000 });
    await expectNoEnglish(page, 'try-image');
  });
});

test.describe('narrow', () => {
  test.use({ viewport: { width: 1280, height: 800 } });

  test('the view fits a low and a full dock', async ({ page }) => {
    await openView(page);
    const [, , file = ''] = images;
    await choose(page, file);
    await expect(page.getByTestId(pictureTestIds.verdict)).toBeVisible({ timeout: 120_000 });
    await station(page, 'try-image-low');
    await page.getByTestId(testIds.dockFull).click();
    await station(page, 'try-image-1280');
  });
});
