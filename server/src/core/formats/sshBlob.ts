// The binary body of an OpenSSH public key: length-prefixed strings after the name of the algorithm. Says which
// algorithm it is, how strong, and what is wrong with it.

export interface SshAlgorithm {
  readonly name: string;
  readonly family: "ed25519" | "rsa" | "ecdsa" | "dsa" | "mldsa";
  /** ECDSA only. */
  readonly curve?: CurveName;
  /** A hardware key: an application string follows. */
  readonly securityKey?: boolean;
}

export type CurveName = "nistp256" | "nistp384" | "nistp521";

/** The algorithms of OpenSSH up to 10.6, without certificates (`NAME-cert-v01@openssh.com`). */
const SSH_ALGORITHMS: readonly SshAlgorithm[] = [
  { name: "ssh-ed25519", family: "ed25519" },
  { name: "ssh-rsa", family: "rsa" },
  { name: "ecdsa-sha2-nistp256", family: "ecdsa", curve: "nistp256" },
  { name: "ecdsa-sha2-nistp384", family: "ecdsa", curve: "nistp384" },
  { name: "ecdsa-sha2-nistp521", family: "ecdsa", curve: "nistp521" },
  { name: "sk-ssh-ed25519@openssh.com", family: "ed25519", securityKey: true },
  { name: "sk-ecdsa-sha2-nistp256@openssh.com", family: "ecdsa", curve: "nistp256", securityKey: true },
  { name: "ssh-mldsa44-ed25519", family: "mldsa" },
  { name: "ssh-dss", family: "dsa" },
];

const CERTIFICATE = /-cert-v01@openssh\.com$/;

/** The algorithm of that name; a certificate's name gives the algorithm it certifies. */
export function findSshAlgorithm(name: string): SshAlgorithm | undefined {
  const direct = SSH_ALGORITHMS.find(algorithm => algorithm.name === name);
  if (direct !== undefined || !CERTIFICATE.test(name)) return direct;
  const base = name.replace(CERTIFICATE, "");
  return SSH_ALGORITHMS.find(
    algorithm => algorithm.name === base || algorithm.name === `${base}@openssh.com`,
  );
}

export function isCertificateName(name: string): boolean {
  return CERTIFICATE.test(name);
}

export type SshBlobProblem =
  | "truncated"
  | "trailing-bytes"
  /** The blob names another algorithm than the line. */
  | "other-algorithm"
  | "unknown-algorithm"
  | "wrong-length"
  | "wrong-curve"
  | "not-on-curve";

export type SshBlobReading =
  | { readonly kind: "blob"; readonly algorithm: string; readonly bits: number }
  | { readonly kind: "problem"; readonly problem: SshBlobProblem; readonly algorithm?: string };

/** Reads the blob of a key whose line says it is of `algorithm`; `undefined` where only the blob is known. */
export function readSshBlob(blob: Uint8Array, algorithm: string | undefined): SshBlobReading {
  const reader = new BlobReader(blob);
  const named = reader.string();
  if (named === undefined) return { kind: "problem", problem: "truncated" };
  const name = asciiOf(named);
  const known = findSshAlgorithm(name);
  if (known === undefined) return { kind: "problem", problem: "unknown-algorithm", algorithm: name };
  if (algorithm !== undefined && algorithm !== name) {
    return { kind: "problem", problem: "other-algorithm", algorithm: name };
  }
  // A certificate holds further fields which only sshd needs; that its strings fit is enough here.
  if (isCertificateName(name)) return { kind: "blob", algorithm: name, bits: 0 };
  const body = readBody(reader, known);
  if (typeof body === "string") return { kind: "problem", problem: body, algorithm: name };
  if (known.securityKey === true && reader.string() === undefined) {
    return { kind: "problem", problem: "truncated", algorithm: name };
  }
  if (!reader.atEnd()) return { kind: "problem", problem: "trailing-bytes", algorithm: name };
  return { kind: "blob", algorithm: name, bits: body };
}

/** Bits of the key, or what is wrong. */
function readBody(reader: BlobReader, algorithm: SshAlgorithm): number | SshBlobProblem {
  switch (algorithm.family) {
    case "ed25519":
      return fixedLength(reader.string(), 32, 256);
    case "mldsa":
      return fixedLength(reader.string(), 1344, 256);
    case "rsa": {
      const exponent = reader.string();
      const modulus = reader.string();
      return exponent === undefined || modulus === undefined ? "truncated" : bitLength(modulus);
    }
    case "dsa": {
      const [p, q, g, y] = [reader.string(), reader.string(), reader.string(), reader.string()];
      return p === undefined || q === undefined || g === undefined || y === undefined
        ? "truncated"
        : bitLength(p);
    }
    case "ecdsa":
      return readEcdsa(reader, algorithm.curve ?? "nistp256");
  }
}

function fixedLength(bytes: Uint8Array | undefined, wanted: number, bits: number): number | SshBlobProblem {
  if (bytes === undefined) return "truncated";
  return bytes.length === wanted ? bits : "wrong-length";
}

function readEcdsa(reader: BlobReader, curve: CurveName): number | SshBlobProblem {
  const named = reader.string();
  const point = reader.string();
  if (named === undefined || point === undefined) return "truncated";
  if (asciiOf(named) !== curve) return "wrong-curve";
  const { bits } = CURVES[curve];
  const size = Math.ceil(bits / 8);
  if (point.length !== 1 + 2 * size || point[0] !== 4) return "wrong-length";
  const x = bigIntOf(point.subarray(1, 1 + size));
  const y = bigIntOf(point.subarray(1 + size));
  return isOnCurve(curve, x, y) ? bits : "not-on-curve";
}

interface Curve {
  readonly bits: number;
  readonly p: bigint;
  readonly b: bigint;
}

/** SEC 2 parameters; all three curves are y² = x³ − 3x + b. */
const CURVES: Readonly<Record<CurveName, Curve>> = {
  nistp256: {
    bits: 256,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  nistp384: {
    bits: 384,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  nistp521: {
    bits: 521,
    p: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

function isOnCurve(curve: CurveName, x: bigint, y: bigint): boolean {
  const { p, b } = CURVES[curve];
  if (x >= p || y >= p) return false;
  return (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

function bigIntOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

function bitLength(mpint: Uint8Array): number {
  const first = mpint.findIndex(byte => byte !== 0);
  const top = mpint[first];
  return top === undefined ? 0 : (mpint.length - first - 1) * 8 + (32 - Math.clz32(top));
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 100));
}

class BlobReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The next length-prefixed string; undefined if the blob ends before it does. */
  string(): Uint8Array | undefined {
    const start = this.at + 4;
    if (start > this.bytes.length) return undefined;
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const end = start + view.getUint32(this.at);
    if (end > this.bytes.length) return undefined;
    this.at = end;
    return this.bytes.subarray(start, end);
  }

  atEnd(): boolean {
    return this.at === this.bytes.length;
  }
}
