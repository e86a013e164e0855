import { readFileSync } from 'node:fs';
import { builtImages, type Images, publishedImages } from '../../lib/constructs/images';
import { ConfigError } from '../../lib/model/problem';
import type { Release } from '../../lib/model/release';
import type { SystemModel } from '../../lib/model/system';

/**
 * The images that `-c release=release.json` names, by digest; without it those that are built here from `reference/`.
 *
 * @throws ConfigError if the file names no release, or the system has no registry
 */
export function imagesFor({ name, registry }: SystemModel, release: unknown): Images {
  if (release === undefined) return builtImages();
  const file = String(release);
  if (!registry)
    throw new ConfigError(name, [
      { at: 'registry', got: undefined, expected: 'where its images are published', fix: 'add it to the system' },
    ]);
  return publishedImages(readRelease(file), { ...registry, prefix: name });
}

function readRelease(file: string): Release {
  const wrong = (got: unknown) =>
    new ConfigError('context', [
      {
        at: 'release',
        got,
        expected: 'a file with { id, digests }',
        fix: 'pass the release.json that the build wrote',
      },
    ]);
  const read = (): Release => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw wrong(`${file}: ${(error as Error).message}`);
    }
  };
  const parsed = read();
  if (typeof parsed.id !== 'string' || typeof parsed.digests !== 'object') throw wrong(file);
  return parsed;
}
