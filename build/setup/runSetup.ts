import { setUp } from './setup.ts';

process.exitCode = setUp({ browser: true, screen: true }) ? 0 : 1;
