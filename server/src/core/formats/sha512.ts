// SHA-512 (FIPS 180-4) in plain TypeScript, for the one place where core needs it: recognising secret keys without a
// platform's crypto. Slow and not constant in time; never use it on anything but text that is already in the open.

const MASK = (1n << 64n) - 1n;

/** Both tables of constants that FIPS 180-4 derives from the first primes. */
interface Constants {
  /** Fractional bits of cube roots of the first 80. */
  readonly round: readonly bigint[];
  /** Fractional bits of square roots of the first eight. */
  readonly initial: readonly bigint[];
}

/** Made when first needed: most texts hold nothing that could be a secret key. */
let constants: Constants | undefined;

function makeConstants(): Constants {
  const primes = firstPrimes(80);
  return {
    round: primes.map(p => integerRoot(BigInt(p) << 192n, 3n) & MASK),
    initial: primes.slice(0, 8).map(p => integerRoot(BigInt(p) << 128n, 2n) & MASK),
  };
}

export function sha512(message: Uint8Array): Uint8Array {
  constants ??= makeConstants();
  let state = constants.initial;
  const padded = pad(message);
  for (let at = 0; at < padded.length; at += 128)
    state = compress(state, new DataView(padded.buffer, at, 128), constants.round);
  const digest = new DataView(new ArrayBuffer(64));
  for (const [i, word] of state.entries()) digest.setBigUint64(i * 8, word);
  return new Uint8Array(digest.buffer);
}

function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  return padded;
}

function compress(state: readonly bigint[], block: DataView, round: readonly bigint[]): readonly bigint[] {
  const w = Array.from({ length: 80 }, (_, i) => (i < 16 ? block.getBigUint64(i * 8) : 0n));
  const word = (i: number): bigint => w[i] ?? 0n;
  for (let i = 16; i < 80; i++) {
    const s0 = rotate(word(i - 15), 1n) ^ rotate(word(i - 15), 8n) ^ (word(i - 15) >> 7n);
    const s1 = rotate(word(i - 2), 19n) ^ rotate(word(i - 2), 61n) ^ (word(i - 2) >> 6n);
    w[i] = (word(i - 16) + s0 + word(i - 7) + s1) & MASK;
  }
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (let i = 0; i < 80; i++) {
    const s1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n);
    const first = (h + s1 + ((e & f) ^ (~e & MASK & g)) + (round[i] ?? 0n) + word(i)) & MASK;
    const s0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & MASK;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & MASK, c, b, a, (first + second) & MASK];
  }
  return [a, b, c, d, e, f, g, h].map((value, i) => (value + (state[i] ?? 0n)) & MASK);
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value >> by) | (value << (64n - by))) & MASK;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every(p => n % p !== 0)) primes.push(n);
  return primes;
}

/** The largest integer whose `degree`-th power is at most `value`. */
function integerRoot(value: bigint, degree: bigint): bigint {
  let low = 0n;
  let high = 1n << 80n;
  while (low < high) {
    const mid = (low + high + 1n) >> 1n;
    if (mid ** degree <= value) low = mid;
    else high = mid - 1n;
  }
  return low;
}
