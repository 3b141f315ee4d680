import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/native/checkNative.ts', process.argv.slice(2));
