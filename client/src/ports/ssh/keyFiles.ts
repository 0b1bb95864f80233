// Keys that lie in files: read, unlocked with a passphrase that is asked for once, and kept in memory then. A locked
// key's public half is in clear, so nobody is asked for a passphrase before the host has said that it would take the key.

import { stat } from "node:fs/promises";
import type { BaseAgent, ParsedKey, SignCallback, SigningRequestOptions } from "ssh2";
import { t } from "../../l10n";
import { readTextIfAny } from "./fileMemory";
import { blobType } from "./knownHosts";

/** Asks the user for the passphrase of a key file; undefined when the user declines. */
export type AskPassphrase = (keyFile: string, signal: AbortSignal) => Promise<string | undefined>;

/**
 * The keys that were unlocked in this window, by file. Never written anywhere. One question and one unlocking a key file,
 * however many hosts want it at once: it is made to be slow, and hundreds of times would hold up the editor for minutes.
 */
export type KeyMemory = Map<string, { readonly text: string; readonly unlocking: Promise<Unlocked> }>;

type Unlocked =
  | { readonly kind: "key"; readonly key: ParsedKey }
  | { readonly kind: "locked"; readonly why: string };

type Ssh2 = typeof import("ssh2");

export interface KeyFileReading {
  readonly ssh2: Ssh2;
  readonly askPassphrase: AskPassphrase;
  readonly unlocked: KeyMemory;
  /** Takes what kept a key from being used, for people. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface KeyFile {
  /** In base64; undefined where only the passphrase would tell. */
  readonly publicBlob: string | undefined;
  /** The key to log in with. Undefined where it can't be unlocked. */
  unlock(): Promise<ParsedKey | undefined>;
  readonly locked: boolean;
}

/** Undefined where there is no such file, or nothing in it that could be used. */
export async function readKeyFile(file: string, reading: KeyFileReading): Promise<KeyFile | undefined> {
  const { ssh2, note } = reading;
  const text = await readTextIfAny(file);
  if (text === undefined) return undefined;
  if (await isOpenToOthers(file)) {
    note(t("{0} may be read by others, so ssh does not use it: chmod 600 {0}", file));
    return undefined;
  }
  const key = ssh2.utils.parseKey(text);
  if (!(key instanceof Error)) {
    // the name of a public half: its private one is in an agent
    if (!key.isPrivateKey()) return undefined;
    return { publicBlob: blobOf(key), locked: false, unlock: async () => key };
  }
  if (!/encrypted/i.test(key.message)) {
    note(t("{0} is not a key that can be used here", file));
    return undefined;
  }
  const half = publicHalf(text) ?? (await halfBeside(ssh2, file));
  return { publicBlob: half?.toString("base64"), locked: true, unlock: () => unlock(file, text, reading) };
}

/** What ssh minds: a private key that others of this machine can read. */
async function isOpenToOthers(file: string): Promise<boolean> {
  try {
    const { mode, uid } = await stat(file);
    return uid === process.getuid?.() && (mode & 0o077) !== 0 && !file.endsWith(".pub");
  } catch {
    // gone meanwhile: reading it said so or will
    return false;
  }
}

async function unlock(file: string, text: string, reading: KeyFileReading): Promise<ParsedKey | undefined> {
  const { unlocked, note } = reading;
  const known = unlocked.get(file);
  const unlocking = known?.text === text ? known.unlocking : askAndUnlock(file, text, reading);
  unlocked.set(file, { text, unlocking });
  let outcome: Unlocked | undefined;
  try {
    outcome = await unlocking;
  } finally {
    // declined, mistyped or broken off: asked again next time
    if (outcome?.kind !== "key" && unlocked.get(file)?.unlocking === unlocking) unlocked.delete(file);
  }
  if (outcome.kind === "key") return outcome.key;
  note(outcome.why);
  return undefined;
}

async function askAndUnlock(
  file: string,
  text: string,
  { ssh2, askPassphrase, signal }: KeyFileReading,
): Promise<Unlocked> {
  const passphrase = await askPassphrase(file, signal);
  if (passphrase === undefined) return { kind: "locked", why: t("{0} needs a passphrase", file) };
  const key = ssh2.utils.parseKey(text, passphrase);
  if (key instanceof Error) return { kind: "locked", why: t("the passphrase for {0} is wrong", file) };
  return { kind: "key", key };
}

const MAGIC = "openssh-key-v1\0";

/** OpenSSH's own format has the public half before the locked part: magic, cipher, kdf, its options, count, half. */
function publicHalf(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(text)?.[1];
  const blob = Buffer.from(body ?? "", "base64");
  if (blob.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  let at = MAGIC.length;
  for (let skipped = 0; skipped < 3; skipped++) {
    if (at + 4 > blob.length) return undefined;
    at += 4 + blob.readUInt32BE(at);
  }
  if (at + 8 > blob.length) return undefined;
  const length = blob.readUInt32BE(at + 4);
  const half = blob.subarray(at + 8, at + 8 + length);
  return half.length === length && length > 0 ? half : undefined;
}

async function halfBeside(ssh2: Ssh2, file: string): Promise<Buffer | undefined> {
  const key = parsed(ssh2, await readTextIfAny(`${file}.pub`));
  return key?.getPublicSSH();
}

/** The public blobs of these key files, as far as they can be told without unlocking any. */
export async function publicBlobs(ssh2: Ssh2, files: readonly string[]): Promise<Set<string>> {
  const blobs = new Set<string>();
  for (const file of files) {
    const text = await readTextIfAny(file);
    const half = (await halfBeside(ssh2, file)) ?? (text === undefined ? undefined : publicHalf(text));
    const blob = half ?? parsed(ssh2, text)?.getPublicSSH();
    if (blob !== undefined) blobs.add(blob.toString("base64"));
  }
  return blobs;
}

function parsed(ssh2: Ssh2, text: string | undefined): ParsedKey | undefined {
  const key = text === undefined ? undefined : ssh2.utils.parseKey(text);
  return key === undefined || key instanceof Error ? undefined : key;
}

export function blobOf(key: ParsedKey): string {
  return key.getPublicSSH().toString("base64");
}

/** Says nothing new: why it is locked was noted. */
export const KEY_IS_LOCKED = "the key is locked";

/** ssh2 takes a key whose private half comes later only from an agent. */
export function agentOfLockedKey(ssh2: Ssh2, publicBlob: string, key: KeyFile): BaseAgent | undefined {
  const half = parsed(ssh2, `${blobType(Buffer.from(publicBlob, "base64"))} ${publicBlob}`);
  if (half === undefined) return undefined;
  class LockedKey extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(callback: (error: undefined, keys: ParsedKey[]) => void): void {
      if (half !== undefined) callback(undefined, [half]);
    }

    override sign(
      _key: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      const done = typeof options === "function" ? options : callback;
      const hash = typeof options === "function" ? undefined : options.hash;
      const failed = (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error)));
      void key.unlock().then(unlocked => {
        const signature = unlocked?.sign(data, hash) ?? new Error(KEY_IS_LOCKED);
        if (signature instanceof Error) failed(signature);
        else done?.(undefined, signature);
      }, failed);
    }
  }
  return new LockedKey();
}
