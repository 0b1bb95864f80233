// The rotation of a cache key without a moment in which paths are refused: the new key is trusted everywhere before the
// signer uses it, and the old one goes only after that. Which host has got how far is asked of the hosts.

import type { EditOperation } from "../../../server/src/protocol";
import { t } from "../l10n";
import { done, failed, skipped, undone } from "../procedure/results";
import { ask } from "../remote/askHost";
import { signSystemScript } from "../remote/hostKeys";
import { httpServerOf, signNoMoreWith, signWhatIsServed } from "../stores/httpServer";
import { retireArrived, switchArrived, trustArrived } from "./rotationArrivals";
import type { RotationFacts } from "./rotationFacts";
import { newKey, oldFile, oldSecret } from "./rotationKeys";
import type { RotationPorts, RotationStep } from "./rotationStep";

const TRUSTED = "nix.settings.trusted-public-keys";
const SIGNING = "nix.settings.secret-key-files";

/** A step that changes the configuration, and takes that back. */
function editStep(
  id: string,
  title: (facts: RotationFacts) => string,
  operations: (facts: RotationFacts, ports: RotationPorts) => readonly EditOperation[],
): RotationStep {
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
      const { signer } = facts;
      await ports.deploy(id === "switch" && signer !== undefined ? [signer] : facts.clients, signal);
      return undone(
        { ...facts, changed: { ...facts.changed, [id]: [] }, trusting: [], retired: [] },
        t("Taken back in the configuration. It is gone from a host once that is deployed."),
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
  ({ signer, oldFile, served, newFile }, ports) => {
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
);

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
