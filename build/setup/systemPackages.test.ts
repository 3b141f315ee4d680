import { describe, expect, it } from 'vitest';
import { missingLine } from './systemLibraries.ts';
import { installCommand, systemOf } from './systemPackages.ts';

describe('the package manager of a system', () => {
  it.each([
    ['linux', 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', 'apt'],
    ['linux', 'ID=ubuntu\nID_LIKE=debian\n', 'ubuntu'],
    ['linux', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'ubuntu'],
    ['linux', 'ID=raspbian\nID_LIKE=debian\n', 'apt'],
    ['linux', 'ID=fedora\n', 'dnf'],
    ['linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf'],
    ['linux', 'ID=arch\n', 'pacman'],
    ['linux', 'ID=alpine\nHOME_URL="https://not-debian.example"\n', null],
    ['linux', '', null],
    ['darwin', '', 'brew'],
    ['win32', '', 'windows'],
  ])('%s with %j: %s', (platform, osRelease, manager) => {
    expect(systemOf(platform, osRelease)).toBe(manager);
  });
});

describe('the command for what is missing', () => {
  it('is one command on Linux, without sudo for root', () => {
    expect(installCommand(['onednn', 'compiler'], 'apt', false).command).toBe(
      'sudo apt-get install libdnnl-dev g++ make',
    );
    expect(installCommand(['cmake'], 'dnf', true).command).toBe('dnf install cmake');
    expect(installCommand(['onednn', 'browser'], 'pacman', false).command).toBe(
      'sudo pacman -S onednn chromium',
    );
  });

  it('keeps what Homebrew and Windows install differently apart', () => {
    expect(installCommand(['onednn', 'compiler', 'browser'], 'brew', false).command).toBe(
      'brew install onednn libomp && xcode-select --install && brew install --cask chromium',
    );
    expect(installCommand(['cmake'], 'windows', false).command).toBe('winget install Kitware.CMake');
  });

  it('asks apt for the libraries of Ubuntu, and snap for its browser', () => {
    expect(installCommand(['onednn', 'images', 'browser'], 'ubuntu', false)).toMatchObject({
      packages: ['libdnnl-dev', 'libjpeg-dev', 'libpng-dev'],
      command: 'sudo apt-get install libdnnl-dev libjpeg-dev libpng-dev && sudo snap install chromium',
    });
    expect(installCommand(['browser'], 'ubuntu', true)).toMatchObject({
      packages: [],
      command: 'snap install chromium',
    });
  });

  it('is told in a line, or what is needed where no command is known', () => {
    expect(missingLine(['cmake'], 'apt', false)).toBe(
      'CMake is missing. Install it with: sudo apt-get install cmake',
    );
    expect(missingLine(['onednn', 'cmake'], null, false)).toBe(
      "oneDNN (headers and library), CMake are missing. Install them with this system's own package manager.",
    );
  });
});
