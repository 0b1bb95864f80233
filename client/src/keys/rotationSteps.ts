// The rotation of a cache key without a moment in which paths are refused: the new key is trusted everywhere before the
// signer uses it, and the old one goes only after that. Which host has got how far is asked of the hosts.

import { sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import type { EditOperation, HostSnapshot } from "../../../server/src/protocol";
import type { ChangedFile } from "../configuration/edits";
import { t } from "../l10n";
import type { Step, StepResult } from "../procedure/procedure";
import type { Answers, FixedScript } from "../remote/fixedScript";
import {
  cacheKeyScript,
  keySettingsScript,
  removeCacheKeyScript,
  signSystemScript,
} from "../remote/hostKeys";
import type { HostShell } from "../remote/hostShell";
import type { RotationFacts } from "./rotationFacts";

export interface RotationPorts {
  readonly shell: HostShell;
  findHost(name: string): HostSnapshot | undefined;
  change(message: string, operations: readonly EditOperation[]): Promise<readonly ChangedFile[]>;
  undoChange(message: string, changed: readonly ChangedFile[]): Promise<void>;
  deploy(hosts: readonly string[], signal: AbortSignal): Promise<void>;
  /** A modal question. */
  confirm(message: string, detail: string, verb: string): Promise<boolean>;
}

type RotationStep = Step<RotationFacts, RotationPorts>;
type Result = StepResult<RotationFacts>;

const TRUSTED = "nix.settings.trusted-public-keys";
const SIGNING = "nix.settings.secret-key-files";

const result =
  (outcome: Result["outcome"]) =>
  (facts: RotationFacts, note: string): Result => ({ facts, outcome, note });
const done = result("done");
const skipped = result("skipped");
const failed = result("failed");
const undone = result("undone");

async function ask(
  ports: RotationPorts,
  name: string,
  script: FixedScript,
  signal: AbortSignal,
): Promise<Answers | string> {
  const host = ports.findHost(name);
  if (host === undefined) return t("There is no host {0} in this workspace any more.", name);
  const answer = await ports.shell.asRoot(host, script, { signal, timeoutMs: 400_000 });
  return answer.kind === "told" ? answer.answers : answer.why;
}

const newKey: RotationStep = {
  id: "newKey",
  title: facts => t("The new key {0}", facts.newName),
  async run(facts, ports, signal) {
    if (facts.signer === undefined)
      return facts.newKey === undefined
        ? failed(facts, t("The new public key is not known."))
        : done(facts, facts.newKey);
    const answers = await ask(
      ports,
      facts.signer,
      cacheKeyScript(facts.newFile, facts.newName, "own"),
      signal,
    );
    if (typeof answers === "string") return failed(facts, answers);
    const key = answers.one("public");
    if (key === undefined || key === facts.oldKey)
      return failed(
        facts,
        t(
          "The key {0} could not be made on {1}: {2}",
          facts.newFile,
          facts.signer,
          answers.one("refused") ?? "",
        ),
      );
    const made = facts.made || answers.one("made") !== undefined;
    return done({ ...facts, newKey: key, made }, t("{0} on {1}: {2}", facts.newFile, facts.signer, key));
  },
  async undo(facts, ports, signal) {
    if (!facts.made || facts.signer === undefined || facts.newKey === undefined)
      return undone(facts, t("Nothing had been made."));
    const script = removeCacheKeyScript(facts.newFile, facts.newKey);
    const answers = await ask(ports, facts.signer, script, signal);
    if (typeof answers === "string") return failed(facts, answers);
    return undone({ ...facts, made: false }, t("Removed {0} on {1}.", facts.newFile, facts.signer));
  },
};

/** A step that changes the configuration, and takes that back. */
function editStep(
  id: string,
  title: (facts: RotationFacts) => string,
  operations: (facts: RotationFacts) => readonly EditOperation[],
): RotationStep {
  return {
    id,
    title,
    async run(facts, ports) {
      const wanted = operations(facts);
      if (wanted.length === 0) return skipped(facts, t("There is nothing to change."));
      const files = await ports.change(`${title(facts)}?`, wanted);
      const changed = { ...facts.changed, [id]: [...(facts.changed[id] ?? []), ...files] };
      return done(
        { ...facts, changed },
        files.map(({ path }) => path).join(", ") || t("Everything stands there already."),
      );
    },
    async undo(facts, ports, signal) {
      const files = facts.changed[id] ?? [];
      if (files.length === 0) return undone(facts, t("Nothing had been changed."));
      await ports.undoChange(t("Take back: {0}?", title(facts)), files);
      const { signer } = facts;
      await ports.deploy(id === "switch" && signer !== undefined ? [signer] : facts.clients, signal);
      return undone(
        { ...facts, changed: { ...facts.changed, [id]: [] }, trusting: [], retired: [] },
        t("Taken back and deployed."),
      );
    },
  };
}

const trust = editStep(
  "trust",
  facts => t("Let {0} trust {1} too", facts.clients.join(", "), facts.newName),
  ({ clients, newKey: key }) =>
    key === undefined
      ? []
      : [{ kind: "addToList", target: { hosts: clients }, option: TRUSTED, items: [key] }],
);

const retire = editStep(
  "retire",
  facts => t("Let {0} trust the old key no more", facts.clients.join(", ")),
  ({ clients, oldKey }) => [
    { kind: "removeFromList", target: { hosts: clients }, option: TRUSTED, items: [oldKey] },
  ],
);

const switchSigner = editStep(
  "switch",
  facts => t("Let {0} sign with {1}", facts.signer ?? t("the signer"), facts.newName),
  ({ signer, oldFile, newFile }) => {
    if (signer === undefined || oldFile === undefined) return [];
    const target = { hosts: [signer] };
    return [
      { kind: "addToList", target, option: SIGNING, items: [newFile] },
      { kind: "removeFromList", target, option: SIGNING, items: [oldFile] },
    ];
  },
);

/** Finds out on the signer which file holds the old key; where none does, somebody else signs with it. */
const oldFile: RotationStep = {
  id: "oldFile",
  title: () => t("Where the old key is used"),
  async run(facts, ports, signal) {
    if (facts.signer === undefined) return skipped(facts, t("The key is used elsewhere."));
    const answers = await ask(ports, facts.signer, keySettingsScript(), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const holder = answers
      .all("holds")
      .find(line => sameCacheKeyText(line.split(" ")[1] ?? "", facts.oldKey));
    const file = holder?.split(" ")[0];
    if (file === undefined)
      return skipped(
        facts,
        t("No file in secret-key-files of {0} holds the old key: it is switched by hand.", facts.signer),
      );
    return done({ ...facts, oldFile: file }, t("{0} on {1}", file, facts.signer));
  },
};

/** Deploys until each host says what it should; remembers which have said so. */
function arrival(options: {
  readonly id: string;
  readonly title: (facts: RotationFacts) => string;
  readonly hosts: (facts: RotationFacts) => readonly string[];
  readonly arrived: (answers: Answers, facts: RotationFacts) => boolean;
  readonly note: (facts: RotationFacts, hosts: readonly string[]) => RotationFacts;
}): RotationStep {
  const look = async (facts: RotationFacts, ports: RotationPorts, signal: AbortSignal) => {
    const there: string[] = [];
    const problems: string[] = [];
    for (const host of options.hosts(facts)) {
      const answers = await ask(ports, host, keySettingsScript(), signal);
      if (typeof answers === "string") problems.push(answers);
      else if (options.arrived(answers, facts)) there.push(host);
    }
    return { there, problems };
  };
  return {
    id: options.id,
    title: options.title,
    async run(facts, ports, signal) {
      const hosts = options.hosts(facts);
      if (hosts.length === 0) return skipped(facts, t("No host is concerned."));
      const before = await look(facts, ports, signal);
      const waiting = hosts.filter(host => !before.there.includes(host));
      if (waiting.length === 0) return done(options.note(facts, hosts), t("Was there already."));
      await ports.deploy(waiting, signal);
      const { there, problems } = await look(facts, ports, signal);
      const known = options.note(facts, there);
      const missing = hosts.filter(host => !there.includes(host));
      if (missing.length === 0) return done(known, t("Deployed: {0}", waiting.join(", ")));
      return failed(
        known,
        [t("Not there yet: {0}. Deploy and resume.", missing.join(", ")), ...problems].join(" "),
      );
    },
  };
}

const trustArrived = arrival({
  id: "trustArrived",
  title: () => t("Every host trusts the new key"),
  hosts: facts => facts.clients,
  arrived: (answers, facts) => answers.all("trusted").some(key => sameCacheKeyText(key, facts.newKey ?? "")),
  note: (facts, trusting) => ({ ...facts, trusting }),
});

const switchArrived: RotationStep = {
  id: "switchArrived",
  title: () => t("The signer uses the new key"),
  async run(facts, ports, signal) {
    const { signer } = facts;
    if (signer !== undefined && facts.oldFile !== undefined) return signerArrived.run(facts, ports, signal);
    const message = t("Does the signer use {0} now?", facts.newName);
    const detail = t(
      "Every host trusts the new key. Switch whoever signs with the old key ({0}), such as services.nix-serve.secretKeyFile, harmonia, a CI secret or nix copy, and then go on.",
      facts.oldKey,
    );
    const yes = await ports.confirm(message, detail, t("It Is Switched"));
    return yes ? done(facts, t("Switched by hand.")) : failed(facts, t("Switch the signer and resume."));
  },
};

const signerArrived = arrival({
  id: "signerArrived",
  title: () => t("The signer uses the new key"),
  hosts: facts => (facts.signer === undefined ? [] : [facts.signer]),
  arrived: (answers, facts) =>
    answers.all("signing").includes(facts.newFile) && !answers.all("signing").includes(facts.oldFile ?? ""),
  note: facts => facts,
});

const resign: RotationStep = {
  id: "resign",
  title: facts => t("Sign what is there with {0}", facts.newName),
  async run(facts, ports, signal) {
    if (facts.signer === undefined)
      return skipped(facts, t("Sign what is in the cache with the new key by hand."));
    const answers = await ask(ports, facts.signer, signSystemScript(facts.newFile), signal);
    if (typeof answers === "string") return failed(facts, answers);
    if (answers.one("code") === "none") return skipped(facts, t("{0} runs no system yet.", facts.signer));
    const said = answers.one("err") ?? "";
    return answers.one("code") === "0" ? done(facts, said || t("Signed.")) : failed(facts, said);
  },
};

const retireArrived = arrival({
  id: "retireArrived",
  title: () => t("No host trusts the old key"),
  hosts: facts => facts.clients,
  arrived: (answers, facts) => !answers.all("trusted").some(key => sameCacheKeyText(key, facts.oldKey)),
  note: (facts, retired) => ({ ...facts, retired }),
});

const oldSecret: RotationStep = {
  id: "oldSecret",
  title: () => t("The old secret"),
  async run(facts, ports, signal) {
    const { signer, oldFile: file } = facts;
    if (signer === undefined || file === undefined) return skipped(facts, t("It is kept elsewhere."));
    const message = t("Delete the old signing key on {0}?", signer);
    const detail = t("{0}. Nobody trusts it any more. This cannot be undone.", file);
    if (!(await ports.confirm(message, detail, t("Delete the Key"))))
      return skipped(facts, t("Kept {0}.", file));
    const answers = await ask(ports, signer, removeCacheKeyScript(file, facts.oldKey), signal);
    if (typeof answers === "string") return failed(facts, answers);
    return done(facts, t("Deleted {0} on {1}.", file, signer));
  },
};

export const ROTATION_STEPS: readonly RotationStep[] = [
  newKey,
  oldFile,
  trust,
  trustArrived,
  switchSigner,
  switchArrived,
  resign,
  retire,
  retireArrived,
  oldSecret,
];
