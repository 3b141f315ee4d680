import { EventEmitter } from 'node:events';
import { closeChromium } from './chromium.ts';

class AppDouble extends EventEmitter {
  readonly isPackaged = false;

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  requestSingleInstanceLock(): boolean {
    return true;
  }

  getAppPath(): string {
    return setting('NORMLAB_DOUBLE_APP');
  }

  getPath(): string {
    return setting('NORMLAB_DOUBLE_USER_DATA');
  }

  getLocale(): string {
    return 'en-US';
  }

  quit(): void {
    void closeChromium().then(() => process.exit(0));
  }
}

export const app = new AppDouble();

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the electron double needs ${name}`);
  return value;
}
