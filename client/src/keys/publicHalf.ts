// The command "Show a Public Key": of a key that the fleet trusts, of a secret key file here, or of those with which a host
// signs what it builds or serves; to copy it, to insert it, or to let hosts trust it. The secret half is read and forgotten.

import { formatCacheKey, parseCacheSecretKey, publicHalf } from "../../../server/src/core/formats/cacheKey";
import { secretKeyIsConsistent } from "../../../server/src/core/formats/cacheSignature";
import { nodeEd25519 } from "../../../server/src/io/ed25519";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import type { Files } from "../ports/files";
import type { PickItem } from "../ports/ui";
import { askWithProgress } from "../remote/askHost";
import { keySettingsScript } from "../remote/hostKeys";
import { keyName, telling } from "../stores/keyNames";
import { orCancel, UserError } from "../userError";

export type PublicKeyApp = Pick<App, "ui" | "ports" | "state" | "server" | "documents"> & {
  /** Puts text at the cursor of the active editor; false without one that could take it. */
  insert(text: string): Promise<boolean>;
};

/** `publicKey` is that of the row the command was called on. */
export async function showPublicKey(app: PublicKeyApp, publicKey: string | undefined): Promise<void> {
  const key = publicKey ?? (await choosePublicKey(app));
  const actions: PickItem<"copy" | "insert" | "trust">[] = [
    { value: "copy", label: t("Copy"), description: key },
    { value: "insert", label: t("Insert at the cursor") },
    { value: "trust", label: t("Let hosts trust it…"), description: "nix.settings.trusted-public-keys" },
  ];
  const action = orCancel(await app.ui.pickOne(actions, { title: key }));
  if (action === "trust") return trustKey(app, key);
  if (action === "insert" && (await app.insert(JSON.stringify(key)))) return;
  await app.ui.copy(key);
  void app.ui.showInfo(t("Copied {0}", key));
}

/** Writes the key into the configuration of hosts that the user chooses. */
export async function trustKey(app: PublicKeyApp, publicKey: string): Promise<void> {
  const { hosts } = app.state.fleet;
  if (hosts.length === 0)
    throw new UserError(t("No host was found in this workspace. The view Hosts says why."));
  const items = hosts.map(host => ({ value: host.name, label: host.name, description: host.hostname ?? "" }));
  const name = keyName(publicKey);
  const chosen = orCancel(await app.ui.pickMany(items, { title: t("Which Hosts Trust {0}", name) }));
  const message = t("Let {0} trust {1}?", chosen.join(", "), name);
  const option = "nix.settings.trusted-public-keys";
  const changed = await proposeEdits(app, {
    message,
    operations: [{ kind: "addToList", target: { hosts: chosen }, option, items: [publicKey] }],
  });
  if (changed.length === 0) void app.ui.showInfo(t("The key stands there already."));
}

type Source =
  | { readonly kind: "key"; readonly publicKey: string }
  | { readonly kind: "file" }
  | { readonly kind: "host"; readonly host: HostSnapshot };

async function choosePublicKey(app: PublicKeyApp): Promise<string> {
  const { hosts, snapshot } = app.state.fleet;
  const keys = snapshot?.keys ?? [];
  const items: PickItem<Source>[] = [
    { value: { kind: "file" }, label: t("Of a secret key file on this machine…") },
    ...keys.map(
      ({ name, publicKey }, index): PickItem<Source> => ({
        value: { kind: "key", publicKey },
        label: name,
        description: telling(publicKey, keys) ?? "",
        ...(index === 0 ? { heading: t("Keys in the configuration") } : {}),
      }),
    ),
    ...hosts.map(
      (host, index): PickItem<Source> => ({
        value: { kind: "host", host },
        label: t("Signing keys of {0}…", host.name),
        ...(index === 0 ? { heading: t("Hosts") } : {}),
      }),
    ),
  ];
  const source = orCancel(await app.ui.pickOne(items, { title: t("Show a Public Key") }));
  if (source.kind === "key") return source.publicKey;
  if (source.kind === "host") return keyOfHost(app, source.host);
  const prompt = t("Its path. The secret is only read, and shown nowhere.");
  const file = orCancel(
    await app.ui.input({ title: t("Secret Key File"), prompt, placeholder: "/etc/nix/cache.secret" }),
  );
  const publicKey = await readPublicHalf(app.ports.files, file.trim());
  await warnIfOpen(app, file.trim());
  return publicKey;
}

/** A signing key that others can read is one that others can sign with. */
async function warnIfOpen(app: PublicKeyApp, file: string): Promise<void> {
  const mode = await app.ports.files.mode(file);
  if (mode === undefined || (mode & 0o077) === 0) return;
  const bits = mode.toString(8);
  void app.ui.showWarning(t("Its mode is {0}, so that others can read it: chmod 600 {1}", bits, file));
}

/** A secret key file is one short line. */
const MAX_KEY_FILE = 4096;

/** The public half of a secret key file. @throws UserError where it holds none; the text of the file is in no message */
export async function readPublicHalf(files: Pick<Files, "kind" | "readText">, file: string): Promise<string> {
  if ((await files.kind(file)) !== "file") throw new UserError(t("There is no file {0}.", file));
  const text = (await files.readText(file)) ?? "";
  const reading = text.length > MAX_KEY_FILE ? undefined : parseCacheSecretKey(text);
  if (reading?.kind === "problem" && reading.problem.kind === "is-public")
    throw new UserError(t("{0} holds a public key already.", file));
  if (reading?.kind !== "key") throw new UserError(t("{0} holds no secret key of a binary cache.", file));
  if (!secretKeyIsConsistent(reading.key, nodeEd25519))
    throw new UserError(
      t("The two halves in {0} do not belong together: its signatures would never verify.", file),
    );
  return formatCacheKey(publicHalf(reading.key));
}

async function keyOfHost(app: PublicKeyApp, host: HostSnapshot): Promise<string> {
  const answers = await askWithProgress(app, t("Asking {0}", host.name), host, keySettingsScript());
  const lines = [
    ...answers.all("holds").map(line => line.split(" ")),
    ...answers.all("serves").map(line => line.split(" ").slice(1)),
  ];
  const fileOf = new Map(lines.map(([file = "", publicKey = ""]) => [publicKey, file]));
  const items = [...fileOf].map(([value, file]) => ({ value, label: keyName(value), description: file }));
  const [only] = items;
  if (only === undefined) throw new UserError(whyNoKey(host.name, answers.all("signing")));
  return items.length === 1 ? only.value : orCancel(await app.ui.pickOne(items, { title: host.name }));
}

function whyNoKey(host: string, files: readonly string[]): string {
  return files.length === 0
    ? t("{0} signs with no key: it has none in secret-key-files, and serves its store with none.", host)
    : t("{0} holds no key that could be read: {1}", host, files.join(", "));
}
