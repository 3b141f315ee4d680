/**
 * Why the system does not let a file be read, as a part of a sentence; by the system's error code in
 * `workers/files/systemErrors.ts`.
 */
export const reading = {
  denied: 'no permission to read it',
  gone: 'it is no longer there',
  loop: 'the link leads back to itself',
  nameTooLong: 'its path is too long',
  tooManyOpen: 'too many files are open',
  diskError: 'the disk reports a read error',
  isFolder: 'it is a folder',
  notUnicode: 'its name is not valid Unicode',
  otherCode: 'it cannot be read ({code})',
  unknown: 'unknown error',
  unknownText: '{text}',
} as const;
