// The command "Rotate a Cache Key": asks which key and who signs with it, and drives the steps.

import { parseCacheKey, sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import { publishedKey } from "../../../server/src/core/knowledge/wellKnownCaches";
import type { KeySnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { proposeEdits, proposeUndo } from "../configuration/edits";
import { t } from "../l10n";
import { markdownTable } from "../markdownTable";
import type { PickItem } from "../ports/ui";
import { type ProcedureKind, procedureCommand } from "../procedure/procedureCommand";
import { ProcedureStore } from "../procedure/procedureStore";
import { deployAndWait } from "../remote/deployAndWait";
import { createHostShell } from "../remote/hostShell";
import { keyName, telling } from "../stores/keyNames";
import { escapePage } from "../treeNode";
import { NothingToDo, orCancel, UserError } from "../userError";
import { nameProblem } from "./generateKey";
import { nextKeyName, type RotationFacts, readRotationFacts } from "./rotationFacts";
import type { RotationPorts } from "./rotationStep";
import { ROTATION_STEPS } from "./rotationSteps";

export type RotationApp = Pick<
  App,
  "ui" | "log" | "ports" | "state" | "storage" | "commands" | "server" | "documents"
>;

/**
 * `publicKey` is that of the row the command was called on.
 * @param underway see ProcedureKind
 */
export function rotateCacheKey(
  app: RotationApp,
  publicKey: string | undefined,
  underway: Set<string>,
): Promise<void> {
  return procedureCommand(app, rotationKind(app, publicKey, underway), t("Rotate a Cache Key"));
}

function rotationKind(
  app: RotationApp,
  publicKey: string | undefined,
  underway: Set<string>,
): ProcedureKind<RotationFacts, RotationPorts> {
  return {
    steps: ROTATION_STEPS,
    underway,
    store: new ProcedureStore({
      files: app.ports.files,
      memory: app.storage.workspace,
      log: app.log,
      folder: app.storage.folder,
      kind: "rotation",
      readFacts: readRotationFacts,
    }),
    ports: {
      shell: createHostShell(app.ports.ssh),
      findHost: name => app.state.fleet.findHost(name),
      change: (message, operations) => proposeEdits(app, { message, operations }),
      undoChange: (message, changed) => proposeUndo(app, message, changed),
      deploy: (hosts, signal) => deployAndWait(app, hosts, signal),
      confirm: (message, detail, verb) => app.ui.confirm({ message, detail, verb }),
    },
    title: facts => `${keyName(facts.oldKey)} → ${facts.newName}${hostsText(facts)}`,
    state: hostsState,
    begin: () => askFacts(app, publicKey),
    question,
  };
}

/** Which hosts have got how far: `trusting/retired of all`. */
function hostsText({ clients, trusting, retired }: RotationFacts): string {
  if (retired.length > 0)
    return ` (${t("old key gone from {0} of {1} hosts", retired.length, clients.length)})`;
  return trusting.length === 0
    ? ""
    : ` (${t("new key on {0} of {1} hosts", trusting.length, clients.length)})`;
}

/** A table of what each host said last. */
function hostsState({ clients, trusting, retired }: RotationFacts): readonly string[] {
  const said = (yes: boolean) => (yes ? `✓ ${t("yes")}` : t("not yet"));
  const heading = [t("Host"), t("Trusts the new key"), t("Trusts the old key no more")];
  const rows = clients.map(host => [
    escapePage(host),
    said(trusting.includes(host) || retired.includes(host)),
    said(retired.includes(host)),
  ]);
  return markdownTable([heading, ...rows]);
}

function question(facts: RotationFacts) {
  const clients = facts.clients.join(", ");
  const detail = [
    t("1. {0} is made on {1}; the secret never leaves it.", facts.newName, facts.signer ?? t("the signer")),
    t("2. It is trusted on {0} too, and deployed there.", clients),
    t("3. Only then the signer is switched, deployed, and signs what it has."),
    t("4. The old key is no longer trusted on {0}, and that is deployed.", clients),
    t("You are asked before every change and every deployment."),
  ].join("\n");
  return {
    message: t("Replace the key {0} on {1}?", keyName(facts.oldKey), clients),
    detail,
    verb: t("Rotate the Key"),
  };
}

async function askFacts(app: RotationApp, publicKey: string | undefined): Promise<RotationFacts> {
  const key = await chooseKey(app, publicKey);
  if (key.trustedBy.length === 0)
    throw new NothingToDo(t("No host trusts {0}, so there is nothing to rotate.", key.name));
  const { hosts } = app.state.fleet;
  const items: PickItem<string>[] = [
    ...hosts.map(host => ({ value: host.name, label: host.name })),
    {
      value: "",
      label: t("Elsewhere"),
      description: t("CI, a service, a cache that is not one of these hosts"),
    },
  ];
  const signer = orCancel(await app.ui.pickOne(items, { title: t("Who Signs with {0}", key.name) }));
  const newKey = signer === "" ? await askNewKey(app, key) : undefined;
  const newName = newKey === undefined ? await askNewName(app, key) : keyName(newKey);
  return {
    oldKey: key.publicKey,
    signer: signer === "" ? undefined : signer,
    newName,
    newFile: `/var/lib/nix-deploy/${newName}.secret`,
    newKey,
    oldFile: undefined,
    served: [],
    clients: key.trustedBy,
    trusting: [],
    retired: [],
    made: false,
    changed: {},
  };
}

async function chooseKey(app: RotationApp, publicKey: string | undefined): Promise<KeySnapshot> {
  const keys = app.state.fleet.snapshot?.keys ?? [];
  const named = keys.find(key => key.publicKey === publicKey);
  if (named !== undefined) return named;
  // keys of public caches are replaced by those who run them
  const own = keys.filter(key => publishedKey(key.name) === undefined);
  if (own.length === 0) throw new UserError(t("No cache key of your own is configured in this workspace."));
  const items = own.map(key => ({
    value: key,
    label: key.name,
    description: [telling(key.publicKey, own), key.trustedBy.join(", ")]
      .filter(part => part !== undefined)
      .join(" · "),
  }));
  return orCancel(await app.ui.pickOne(items, { title: t("Which Key to Replace") }));
}

async function askNewName(app: RotationApp, key: KeySnapshot): Promise<string> {
  const text = await app.ui.input({
    title: t("The Name of the New Key"),
    prompt: t("Another name than before: of two keys with one name Nix trusts only the first."),
    value: nextKeyName(key.name),
    validate: name => (name === key.name ? t("This is the name of the old key.") : nameProblem(name)),
  });
  return orCancel(text);
}

async function askNewKey(app: RotationApp, key: KeySnapshot): Promise<string> {
  const text = await app.ui.input({
    title: t("The New Public Key"),
    prompt: t("Make it where it will be used, and paste its public half: NAME:BASE64."),
    validate: input => {
      const reading = parseCacheKey(input.trim());
      if (reading.kind !== "key") return t("A public key is NAME:BASE64 with 44 characters after the colon.");
      if (reading.key.name === key.name) return t("It has the name of the old key, so Nix would not use it.");
      return sameCacheKeyText(input.trim(), key.publicKey) ? t("This is the old key.") : undefined;
    },
  });
  return orCancel(text).trim();
}
