import { setUp } from './setup.ts';

process.exitCode = setUp({ browser: true, screen: true }).isReady ? 0 : 1;
