// The rotation of a cache key without a moment in which paths are refused: the new key is trusted everywhere before the
// signer uses it, and the old one goes only after that. Which host has got how far is asked of the hosts.

import type { EditOperation } from "../../../server/src/protocol";
import { t } from "../l10n";
import { done, failed, skipped, undone } from "../procedure/results";
import { takenBack } from "../procedure/takenBack";
import { ask } from "../remote/askHost";
import type { Answers } from "../remote/fixedScript";
import { keySettingsScript, signSystemScript } from "../remote/hostKeys";
import { httpServerOf, signNoMoreWith, signWhatIsServed } from "../stores/httpServer";
import { retireArrived, signsWithNew, switchArrived, trustArrived, trusts } from "./rotationArrivals";
import type { RotationFacts } from "./rotationFacts";
import { newKey, oldFile, oldSecret } from "./rotationKeys";
import type { RotationPorts, RotationStep } from "./rotationStep";

const TRUSTED = "nix.settings.trusted-public-keys";
const SIGNING = "nix.settings.secret-key-files";

/** A step that changes the configuration, and takes that back. */
function editStep({
  id,
  title,
  operations,
  hosts: hostsOf,
  isAsBefore,
}: {
  readonly id: string;
  readonly title: (facts: RotationFacts) => string;
  readonly operations: (facts: RotationFacts, ports: RotationPorts) => readonly EditOperation[];
  /** The hosts that it changes. */
  readonly hosts: (facts: RotationFacts) => readonly string[];
  /** Whether a host says that it runs as it did before. */
  readonly isAsBefore: (answers: Answers, facts: RotationFacts) => boolean;
}): RotationStep {
  return {
    id,
    title,
    async run(facts, ports) {
      const wanted = operations(facts, ports);
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
      const hosts = hostsOf(facts);
      await ports.deploy(hosts, signal);
      const look = {
        hosts,
        script: () => keySettingsScript(),
        gone: (answers: Answers) => isAsBefore(answers, facts),
      };
      return undone(
        { ...facts, changed: { ...facts.changed, [id]: [] }, trusting: [], retired: [] },
        await takenBack(ports, look, signal),
      );
    },
  };
}

const trust = editStep({
  id: "trust",
  title: facts => t("Let {0} trust {1} too", facts.clients.join(", "), facts.newName),
  operations: ({ clients, newKey: key }) =>
    key === undefined
      ? []
      : [{ kind: "addToList", target: { hosts: clients }, option: TRUSTED, items: [key] }],
  hosts: facts => facts.clients,
  isAsBefore: (answers, { newKey: key }) => !trusts(answers, key),
});

const retire = editStep({
  id: "retire",
  title: facts => t("Let {0} trust the old key no more", facts.clients.join(", ")),
  operations: ({ clients, oldKey }) => [
    { kind: "removeFromList", target: { hosts: clients }, option: TRUSTED, items: [oldKey] },
  ],
  hosts: facts => facts.clients,
  isAsBefore: (answers, { oldKey }) => trusts(answers, oldKey),
});

const switchSigner = editStep({
  id: "switch",
  title: facts => t("Let {0} sign with {1}", facts.signer ?? t("the signer"), facts.newName),
  operations: ({ signer, oldFile, served, newFile }, ports) => {
    if (signer === undefined) return [];
    const target = { hosts: [signer] };
    const building: readonly EditOperation[] =
      oldFile === undefined
        ? []
        : [
            { kind: "addToList", target, option: SIGNING, items: [newFile] },
            { kind: "removeFromList", target, option: SIGNING, items: [oldFile] },
          ];
    const serving = served.flatMap(({ service, file }) => {
      const server = httpServerOf(ports.findHost(signer), service);
      return [signWhatIsServed(server, signer, newFile), ...signNoMoreWith(server, signer, file)];
    });
    return [...building, ...serving];
  },
  hosts: ({ signer }) => (signer === undefined ? [] : [signer]),
  isAsBefore: (answers, facts) => !signsWithNew(answers, facts),
});

const resign: RotationStep = {
  id: "resign",
  title: facts => t("Sign what is there with {0}", facts.newName),
  async run(facts, ports, signal) {
    if (facts.signer === undefined)
      return skipped(facts, t("Sign what is in the cache with the new key by hand."));
    if (facts.oldFile === undefined && facts.served.length > 0)
      return skipped(facts, t("A server for HTTP signs what it serves."));
    const answers = await ask(
      ports,
      facts.signer,
      signSystemScript(facts.newFile, facts.oldKey.split(":")[0]),
      signal,
    );
    if (typeof answers === "string") return failed(facts, answers);
    if (answers.one("code") === "none") return skipped(facts, t("{0} runs no system yet.", facts.signer));
    const said = answers.one("err") ?? "";
    return answers.one("code") === "0" ? done(facts, said || t("Signed.")) : failed(facts, said);
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
