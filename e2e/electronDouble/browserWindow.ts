import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page, Route } from '@playwright/test';
import { answerInvoke } from './ipcMain.ts';
import { installPageShim } from './pageShim.ts';
import type { PortDouble } from './ports.ts';
import { app } from './app.ts';
import { browserContext } from './chromium.ts';
import { answerProtocol } from './protocol.ts';

/** Chromium cannot load our own scheme: the double maps it to this origin and back. */
const CARRIER = 'http://normlab-app.localhost';
const SCHEME = 'normlab://app';

function toScheme(url: string): string {
  return url.startsWith(CARRIER) ? SCHEME + url.slice(CARRIER.length) : url;
}

class WebContentsDouble extends EventEmitter {
  page: Page | null = null;
  windowOpenHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  readonly mainFrame: { readonly url: string };
  private readonly ports = new Map<number, PortDouble>();
  private nextPort = 1;

  constructor() {
    super();
    const pageUrl = (): string => toScheme(this.page?.url() ?? '');
    this.mainFrame = {
      get url() {
        return pageUrl();
      },
    };
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }

  postMessage(channel: string, _message: unknown, transfer: PortDouble[] = []): void {
    const ids = transfer.map((port) => this.carry(port));
    void this.inPage(([name, given]) => (window as unknown as Shimmed).doubleReceive(name, given), [
      channel,
      ids,
    ] as const);
  }

  portSend(id: number, data: unknown): void {
    this.ports.get(id)?.postMessage(data);
  }

  private carry(port: PortDouble): number {
    const id = this.nextPort++;
    this.ports.set(id, port);
    port.on('message', ({ data }: { data: unknown }) => {
      void this.inPage(([to, given]) => (window as unknown as Shimmed).doublePortReceive(to, given), [
        id,
        data,
      ] as const);
    });
    return id;
  }

  private async inPage<A>(run: (argument: A) => void, argument: A): Promise<void> {
    // A page that is being closed loses its messages.
    await this.page?.evaluate(run as never, argument as never).catch(() => undefined);
  }
}

interface Shimmed {
  doubleReceive(channel: string, ids: number[]): void;
  doublePortReceive(id: number, data: unknown): void;
}

export interface WindowOptions {
  readonly webPreferences?: { readonly preload?: string };
}

/** A double of `BrowserWindow`: a tab of real Chromium with the real preload in it. */
export class BrowserWindow extends EventEmitter {
  static readonly opened: BrowserWindow[] = [];
  readonly webContents = new WebContentsDouble();
  readonly options: WindowOptions;
  private minimized = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    BrowserWindow.opened.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    const context = await browserContext();
    const page = await context.newPage();
    this.webContents.page = page;
    await this.prepare(page, context);
    await page.goto(url.replace(SCHEME, CARRIER));
    this.emit('ready-to-show');
  }

  show(): void {
    // The tab is visible already.
  }

  minimize(): void {
    this.minimized = true;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  restore(): void {
    this.minimized = false;
  }

  /** A minimized window cannot have the focus, as in Electron. */
  focus(): void {
    if (this.minimized) return;
    void this.webContents.page?.bringToFront();
  }

  /** Like a click on the window's close button: fires the close event, and closes unless a listener prevents it. */
  close(): void {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (isPrevented) return;
    void this.webContents.page?.close().then(() => {
      this.emit('closed');
      app.emit('window-all-closed');
    });
  }

  private async prepare(page: Page, context: BrowserContext): Promise<void> {
    const contents = this.webContents;
    await page.exposeFunction('doubleInvoke', (channel: string, args: unknown[]) =>
      answerInvoke(contents, channel, args),
    );
    await page.exposeFunction('doublePortSend', (id: number, data: unknown) => contents.portSend(id, data));
    await page.addInitScript(installPageShim);
    const preload = this.options.webPreferences?.preload;
    if (preload !== undefined)
      await page.addInitScript({ content: wrapPreload(readFileSync(preload, 'utf8')) });
    await page.route('**/*', (route) => this.answer(route, page));
    context.on('page', (opened) => {
      if (opened !== page && contents.windowOpenHandler({ url: opened.url() }).action === 'deny')
        void opened.close();
    });
  }

  private async answer(route: Route, page: Page): Promise<void> {
    const request = route.request();
    const url = toScheme(request.url());
    const isFirst = page.url() === 'about:blank';
    if (request.isNavigationRequest() && !isFirst && this.isNavigationRefused(url))
      return route.abort('aborted');
    if (!url.startsWith(SCHEME)) return route.abort('blockedbyclient'); // nothing of the lab is loaded from elsewhere
    const response = await answerProtocol(url);
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  private isNavigationRefused(url: string): boolean {
    let isPrevented = false;
    this.webContents.emit('will-navigate', { url, preventDefault: () => (isPrevented = true) });
    return isPrevented;
  }
}

/** The bundled preload is CommonJS and requires only `electron`, as a sandboxed preload must. */
function wrapPreload(code: string): string {
  return `(() => { const require = (name) => { if (name !== 'electron') throw new Error('a sandboxed preload cannot load ' + name); return window.doubleElectron; };
const module = { exports: {} }; const exports = module.exports;\n${code}\n})();`;
}
