import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const LENGTH = 32;

/** @returns `<salt>:<hash>` in hexadecimal */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt, LENGTH)).toString('hex')}`;
}

/** Takes as long for an account that does not exist. */
export async function isPassword(password: string, stored = `${'0'.repeat(32)}:${'0'.repeat(64)}`): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split(':');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'hex'), LENGTH), Buffer.from(hash, 'hex'));
}
