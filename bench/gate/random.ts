/** Numbers in [0, 1). */
export type Draw = () => number;

/**
 * A generator whose numbers depend on nothing but the text it is seeded with: xoshiro128**.
 *
 * @see https://prng.di.unimi.it/xoshiro128starstar.c
 */
export function drawFrom(seed: string): Draw {
  const next = splitMix(hash(seed));
  let [a, b, c, d] = [next(), next(), next(), next() | 1];
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result / 4_294_967_296;
  };
}

/** A whole number from `least` to `most`, each as likely. */
export function drawBetween(draw: Draw, least: number, most: number): number {
  return least + Math.floor(draw() * (most - least + 1));
}

/** Of n tries with a chance of p each, those that came true. */
export function drawBinomial(draw: Draw, n: number, p: number): number {
  let hits = 0;
  for (let i = 0; i < n; i++) if (draw() < p) hits += 1;
  return hits;
}

/** A standard normal number, by Box and Muller. */
export function drawNormal(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619);
  return value >>> 0;
}

/** Spreads one number over the four that the generator starts from. */
function splitMix(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
