// Makes a binary-cache key pair in Nix's format. The secret goes into one file with mode 0600 and nowhere else: not into a
// log, an argument, a message or a Git work tree.

import { generateKeyPairSync } from "node:crypto";
import { homedir } from "node:os";
import path from "node:path";
import {
  cacheKeyNameProblem,
  formatCacheKey,
  formatCacheSecretKey,
} from "../../../server/src/core/formats/cacheKey";
import type { App } from "../app";
import { afterCommand } from "../commands";
import { t } from "../l10n";
import type { Files } from "../ports/files";
import { orCancel, UserError } from "../userError";

export interface KeyPairText {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** A fresh pair. Invariant: `cacheKeyNameProblem(name)` is undefined. */
export function generateKeyPair(name: string): KeyPairText {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const publicBytes = Buffer.from(jwk.x ?? "", "base64url");
  return {
    publicKey: formatCacheKey({ name, bytes: publicBytes }),
    secretKey: formatCacheSecretKey({ name, seed, publicBytes }),
  };
}

/** What is wrong with a key's name, for an input box. */
export function nameProblem(name: string): string | undefined {
  switch (cacheKeyNameProblem(name)) {
    case undefined:
      return /[/\\]|^\.{1,2}$|^-/.test(name)
        ? t("The name becomes a file name: no slash, no leading dash.")
        : undefined;
    case "empty":
      return t("A key needs a name, such as cache.example.org-1.");
    case "colon":
      return t("A colon would end the name.");
    case "blank":
      return t("Nix would cut the name at the blank.");
    case "not-printable":
      return t("Only printable ASCII characters.");
  }
}

/** The first folder at or above this one that is a Git work tree, if any. */
export async function findWorkTree(files: Files, folder: string): Promise<string | undefined> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if ((await files.kind(path.join(at, ".git"))) !== "absent") return at;
    if (path.dirname(at) === at) return undefined;
  }
}

export interface KeyFiles {
  readonly secretFile: string;
  readonly publicFile: string;
}

/** @throws UserError for a folder that is, or leads, into a Git work tree or the Nix store */
export async function refusePublicFolder(files: Files, folder: string): Promise<void> {
  const place = await files.realPath(folder);
  const workTree = await findWorkTree(files, place);
  if (workTree !== undefined) {
    throw new UserError(
      t(
        "{0} is inside the Git work tree {1}. A secret key must not get into a repository.",
        folder,
        workTree,
      ),
    );
  }
  if (/^\/nix\/store(\/|$)/.test(path.resolve(place))) {
    throw new UserError(t("Everything in the Nix store can be read by everybody. Choose another folder."));
  }
}

/** Writes both halves; nothing is overwritten. @throws UserError in a Git work tree, the Nix store, or if a file exists */
export async function writeKeyPair(
  files: Files,
  folder: string,
  name: string,
  pair: KeyPairText,
): Promise<KeyFiles> {
  await refusePublicFolder(files, folder);
  const secretFile = path.join(folder, `${name}.secret`);
  const publicFile = path.join(folder, `${name}.public`);
  await writeHalves(files, { secretFile, publicFile }, pair);
  return { secretFile, publicFile };
}

/** Writes both halves or none. @throws UserError if one of the files exists; what the file system throws where it refuses */
export async function writeHalves(files: Files, to: KeyFiles, pair: KeyPairText): Promise<void> {
  const { secretFile, publicFile } = to;
  if ((await files.kind(publicFile)) !== "absent") throw existsAlready(publicFile);
  await createNew(files, secretFile, pair.secretKey, 0o600);
  try {
    await createNew(files, publicFile, `${pair.publicKey}\n`, 0o644);
  } catch (error) {
    await files.remove(secretFile);
    throw error;
  }
}

async function createNew(files: Files, file: string, text: string, mode: number): Promise<void> {
  if ((await files.createText(file, text, mode)) === "exists") throw existsAlready(file);
}

function existsAlready(file: string): UserError {
  return new UserError(t("{0} exists already and is not overwritten.", file));
}

type KeysApp = Pick<App, "ui" | "log"> & {
  readonly ports: Pick<App["ports"], "files">;
  /** Puts text at the cursor of the active editor; false without one that could take it. */
  insert(text: string): Promise<boolean>;
};

/** The command: name, folder, files, and what to do with the public half. */
export async function generateCacheKey(app: KeysApp): Promise<void> {
  const name = orCancel(
    await app.ui.input({
      title: t("Generate a Binary Cache Key"),
      prompt: t(
        "The key's name. By custom the cache's host name and a number, which grows with each new key.",
      ),
      placeholder: "cache.example.org-1",
      validate: nameProblem,
    }),
  );
  const folder = orCancel(
    await app.ui.pickFolder({
      title: t("Where to Put the Key (Outside Any Repository)"),
      openLabel: t("Use This Folder"),
      // not the workspace, which is where a secret must not be
      defaultPath: homedir(),
    }),
  );
  const pair = generateKeyPair(name);
  const { secretFile } = await writeKeyPair(app.ports.files, folder, name, pair);
  app.log.info("cache key generated", { name, folder });
  afterCommand(app, "public key", () => offerPublicKey(app, pair.publicKey, secretFile));
}

async function offerPublicKey(app: KeysApp, publicKey: string, secretFile: string): Promise<void> {
  const copy = t("Copy Public Key");
  const insert = t("Insert Public Key");
  const message = t("The secret key is in {0}, readable only by you. Public key: {1}", secretFile, publicKey);
  const answer = await app.ui.showInfo(message, copy, insert);
  if (answer === copy) await app.ui.copy(publicKey);
  if (answer === insert && !(await app.insert(JSON.stringify(publicKey)))) {
    await app.ui.copy(publicKey);
    void app.ui.showInfo(t("No editor is open, so the public key was copied."));
  }
}
