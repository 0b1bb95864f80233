// The command "Generate an SSH Key": a file on this machine, or root's key on a host, which the secret then never leaves.

import { homedir } from "node:os";
import path from "node:path";
import type { HostSnapshot } from "../../../server/src/protocol";
import { afterCommand } from "../commands";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { askWithProgress } from "../remote/askHost";
import { publicKeyWords, rootSshKeyScript } from "../remote/hostKeys";
import { orCancel, UserError } from "../userError";
import { refusePublicFolder, writeHalves } from "./generateKey";
import { choosePlace, type KeysApp } from "./keysOnHosts";

export async function generateSshKey(app: KeysApp): Promise<void> {
  const place = await choosePlace(
    app,
    t("Where to Make the SSH Key"),
    t("root's key, with which it asks caches"),
  );
  const made = place === "here" ? await sshKeyHere(app) : await sshKeyOnHost(app, place);
  app.log.info("ssh key generated", { host: place === "here" ? undefined : place.name });
  afterCommand(app, "ssh key", () => offerSshKey(app, made.publicKey, made.message));
}

interface MadeSshKey {
  readonly publicKey: string;
  readonly message: string;
}

async function sshKeyHere(app: KeysApp): Promise<MadeSshKey> {
  const title = t("Generate an SSH Key");
  const name = orCancel(
    await app.ui.input({
      title,
      prompt: t("The name of the file."),
      value: "id_ed25519_deploy",
      validate: text =>
        /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)
          ? undefined
          : t("Letters, digits, dots, dashes and underscores."),
    }),
  );
  const openLabel = t("Use This Folder");
  const folder = orCancel(
    await app.ui.pickFolder({
      title: t("Where to Put the Key (Outside Any Repository)"),
      openLabel,
      defaultPath: path.join(homedir(), ".ssh"),
    }),
  );
  await refusePublicFolder(app.ports.files, folder);
  const prompt = t("A passphrase for it. Empty: none, for keys that a machine uses by itself.");
  const passphrase = orCancel(await app.ui.input({ title, prompt, password: true }));
  const file = path.join(folder, name);
  const pair = await makeSshKeyPair(name, passphrase);
  const halves = { secretFile: file, publicFile: `${file}.pub` };
  await writeHalves(app.ports.files, halves, { secretKey: pair.privateText, publicKey: pair.publicKey });
  return {
    publicKey: pair.publicKey,
    message: t("The private key is in {0}, readable only by you. Public key: {1}", file, pair.publicKey),
  };
}

/** An Ed25519 pair in OpenSSH's format. */
export async function makeSshKeyPair(
  comment: string,
  passphrase: string,
): Promise<{ readonly privateText: string; readonly publicKey: string }> {
  // loaded when a key is made: activation does not need it
  const { utils } = (await import("ssh2")).default;
  const locked = passphrase === "" ? {} : { passphrase, cipher: "aes256-ctr", rounds: 32 };
  for (let attempt = 1; attempt <= KEY_ATTEMPTS; attempt++) {
    const pair = utils.generateKeyPairSync("ed25519", { comment, ...locked });
    const halves = [utils.parseKey(pair.private, passphrase), utils.parseKey(pair.public)];
    if (halves.some(half => half instanceof Error)) continue;
    return { privateText: pair.private, publicKey: pair.public.trim() };
  }
  throw new Error(`no readable key in ${KEY_ATTEMPTS} attempts`);
}

/** ssh2 1.17 writes some of its pairs, one in hundreds, in a form that neither it nor OpenSSH can read. */
const KEY_ATTEMPTS = 20;

async function sshKeyOnHost(app: KeysApp, host: HostSnapshot): Promise<MadeSshKey> {
  const title = t("Making a key on {0}", host.name);
  const answers = await askWithProgress(app, title, host, rootSshKeyScript());
  const [publicKey, file] = [publicKeyWords(answers.one("rootkey")), answers.one("file") ?? ""];
  if (publicKey === undefined)
    throw new UserError(t("Root of {0} has no SSH key, and none could be made.", host.name));
  const message =
    answers.one("made") === undefined
      ? t("Root of {0} has a key already, in {1}: {2}", host.name, file, publicKey)
      : t(
          "The private key is in {0} on {1}, readable only by root. Public key: {2}",
          file,
          host.name,
          publicKey,
        );
  return { publicKey, message };
}

const OPTIONS = ["nix.sshServe.keys", "users.users.root.openssh.authorizedKeys.keys"] as const;

async function offerSshKey(app: KeysApp, publicKey: string, message: string): Promise<void> {
  const copy = t("Copy Public Key");
  const allow = t("Let It In on Hosts");
  const answer = await app.ui.showInfo(message, copy, allow);
  if (answer === copy) await app.ui.copy(publicKey);
  else if (answer === allow) await letIn(app, publicKey);
}

async function letIn(app: KeysApp, publicKey: string): Promise<void> {
  const uses: PickItem<(typeof OPTIONS)[number]>[] = [
    { value: OPTIONS[0], label: t("To fetch from their store"), description: OPTIONS[0] },
    { value: OPTIONS[1], label: t("To log in as root"), description: OPTIONS[1] },
  ];
  const option = orCancel(await app.ui.pickOne(uses, { title: t("What the Key May Do") }));
  const items = app.state.fleet.hosts.map(host => ({ value: host.name, label: host.name }));
  const chosen = orCancel(await app.ui.pickMany(items, { title: t("On Which Hosts") }));
  const message = t("Let the key in on {0} ({1})?", chosen.join(", "), option);
  await proposeEdits(app, {
    message,
    operations: [{ kind: "addToList", target: { hosts: chosen }, option, items: [publicKey] }],
  });
}
