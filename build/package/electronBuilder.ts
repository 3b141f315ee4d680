import type { Configuration } from 'electron-builder';

/**
 * Host, addon, oneDNN, sharp and the packages they load: unpacked files, since workers and the dynamic linker cannot
 * read an archive.
 */
const UNPACKED = [
  'dist/host/**',
  'node_modules/sharp/**',
  'node_modules/@img/**',
  'node_modules/onnxruntime-web/**',
  'node_modules/{detect-libc,semver}/**',
  'node_modules/h5wasm/**',
];

const MAC_FOLDER = 'build/package/mac';

/** macOS ends an app that opens the camera without saying in its property list what for. */
const MAC: NonNullable<Configuration['mac']> = {
  target: ['dmg'],
  category: 'public.app-category.developer-tools',
  hardenedRuntime: true,
  entitlements: `${MAC_FOLDER}/entitlements.plist`,
  entitlementsInherit: `${MAC_FOLDER}/entitlements.plist`,
  extendInfo: {
    NSCameraUsageDescription:
      'NormLab classifies the pictures that you take with your network. They do not leave this computer.',
  },
  extraResources: [{ from: `${MAC_FOLDER}/zh_CN.lproj`, to: 'zh_CN.lproj' }],
};

interface PackageContents {
  /** A prepared distribution of Electron, used unchanged, so that packaging needs no network. */
  readonly electronDist: string | null;
  /** Folder of models to include, with their licences; null: none. */
  readonly models: string | null;
}

/** The contents and behaviour of an installer. */
export function builderConfiguration({ electronDist, models }: PackageContents): Configuration {
  return {
    appId: 'org.normlab.lab',
    productName: 'NormLab',
    copyright: 'Copyright © 2026 The NormLab authors',
    directories: { output: 'release', buildResources: 'build/package/resources' },
    ...(electronDist === null ? {} : { electronDist }),
    files: [
      'dist/**',
      'renderer/dist/**',
      'package.json',
      '!**/*.map',
      '!**/*.{md,ts,d.ts}',
      '!node_modules/onnxruntime-web/dist/*.{webgpu,jsep,webgl,all}*',
      '!node_modules/h5wasm/{src,test,dist/iife,dist/node}/**',
    ],
    extraResources: [
      { from: 'build/out/sample-images', to: 'sample-images' },
      { from: 'examples', to: 'examples' },
      ...(models === null ? [] : [{ from: models, to: 'models', filter: ['**/*', '!.*/**'] }]),
    ],
    asar: true,
    asarUnpack: UNPACKED,
    // The addon uses Node-API: one binary for Node and Electron, no rebuild needed.
    npmRebuild: false,
    fileAssociations: [{ ext: 'normlab.json', name: 'NormLab project', role: 'Editor' }],
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    },
    win: { target: ['nsis'] },
    nsis: { oneClick: false, allowToChangeInstallationDirectory: true, perMachine: false },
    mac: MAC,
    linux: {
      target: ['AppImage', 'deb'],
      category: 'Development',
      maintainer: 'The NormLab authors',
      synopsis: 'Neural networks by sight',
    },
    publish: null,
  };
}
