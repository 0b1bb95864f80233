// Keys that live on hosts: made there, read there, removed there. Of a secret only its public half is ever told.

import { t } from "../l10n";
import type { FixedScript } from "./fixedScript";
import {
  HOST_KEY,
  KEY_SETTINGS,
  MAKE_KEY,
  PUBLIC_HALF,
  REMOVE_KEY,
  REMOVE_SSH_KEY,
  ROOT_KEY,
  SIGN,
  WHO_SIGNS,
} from "./keyScripts";

/**
 * What to do with a key that is there already. `keep`: it is used, at that path, in the host's secret-key-files, or where
 * nix-serve or harmonia have theirs; `keepServed`: the same, theirs first. `own`: it is used at that path only. `new`: it
 * is refused.
 */
export type KeyMode = "keep" | "keepServed" | "own" | "new";

/**
 * Makes a binary-cache key on the host. Tells `public`, `file` and `made` or `kept`, else `refused` with one of: exists,
 * place, git, malformed, no-nix, failed.
 */
export function cacheKeyScript(file: string, keyName: string, mode: KeyMode): FixedScript {
  return {
    name: t("the making of the signing key"),
    body: PUBLIC_HALF + WHO_SIGNS + MAKE_KEY,
    args: [file, keyName, mode],
  };
}

/**
 * Removes a secret key file if it holds this key and nothing there signs with it any more: a file that is missing fails every
 * build. Tells `removed`, or `kept` with one of: absent, other, used.
 */
export function removeCacheKeyScript(file: string, publicKey: string): FixedScript {
  return {
    name: t("the removal of the signing key"),
    body: PUBLIC_HALF + WHO_SIGNS + REMOVE_KEY,
    args: [file, publicKey],
  };
}

/** Makes root's SSH key unless there is one. Tells `rootkey`, `file` and `made` or `kept`, else `refused`. */
export function rootSshKeyScript(): FixedScript {
  return { name: t("the making of root's SSH key"), body: ROOT_KEY, args: [] };
}

/** Removes root's SSH key if it is this one. Tells `removed`, or `kept` with one of: absent, other. */
export function removeSshKeyScript(file: string, publicKey: string): FixedScript {
  return { name: t("the removal of root's SSH key"), body: REMOVE_SSH_KEY, args: [file, publicKey] };
}

/** Tells the host's own SSH public keys as `hostkey`, best first. */
export function hostKeyScript(): FixedScript {
  return { name: t("the reading of the host key"), body: HOST_KEY, args: [] };
}

/**
 * Signs the running system and all it needs with a key file of the host, and everything that a key of another name has signed.
 * Tells `code` and `err`.
 */
export function signSystemScript(file: string, signedBy = ""): FixedScript {
  return { name: t("the signing of the running system"), body: SIGN, args: [file, signedBy] };
}

/**
 * Tells `trusted` and `signing` words of the running settings, `holds FILE PUBLICKEY` for each signing key file, and
 * `service UNIT` and `serves UNIT FILE PUBLICKEY` for what hands out the store over HTTP.
 */
export function keySettingsScript(): FixedScript {
  return {
    name: t("the look at the key settings"),
    body: PUBLIC_HALF + WHO_SIGNS + KEY_SETTINGS,
    args: [],
  };
}

/** Tells the same, and the host's own SSH public keys as `hostkey`, best first. */
export function serverKeysScript(): FixedScript {
  const body = PUBLIC_HALF + WHO_SIGNS + KEY_SETTINGS + HOST_KEY;
  return { name: t("the look at the server's keys"), body, args: [] };
}

/** The first two words of an OpenSSH public key line, if it is one. */
export function publicKeyWords(line: string | undefined): string | undefined {
  return /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*)(?:\s|$)/.exec(line ?? "")?.[1];
}
