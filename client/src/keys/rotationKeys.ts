// The secrets of a rotation, all on the signer: the new one is made there, the old one is found, and deleted at the end.

import { sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import { t } from "../l10n";
import { done, failed, skipped, undone } from "../procedure/results";
import { ask } from "../remote/askHost";
import { cacheKeyScript, keySettingsScript, removeCacheKeyScript } from "../remote/hostKeys";
import { keyRefusal, keyRemoval } from "../remote/keyAnswers";
import { readHttpService, type ServedKey } from "../stores/httpServer";
import type { RotationFacts } from "./rotationFacts";
import type { RotationStep } from "./rotationStep";

export const newKey: RotationStep = {
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
      return failed(facts, keyRefusal(facts.signer, facts.newFile, answers.one("refused")));
    const made = facts.made || answers.one("made") !== undefined;
    return done({ ...facts, newKey: key, made }, t("{0} on {1}: {2}", facts.newFile, facts.signer, key));
  },
  async undo(facts, ports, signal) {
    if (!facts.made || facts.signer === undefined || facts.newKey === undefined)
      return undone(facts, t("Nothing had been made."));
    const script = removeCacheKeyScript(facts.newFile, facts.newKey);
    const answers = await ask(ports, facts.signer, script, signal);
    if (typeof answers === "string") return failed(facts, answers);
    const { over, note } = keyRemoval(answers, facts.signer, facts.newFile);
    return over ? undone({ ...facts, made: false }, note) : failed(facts, note);
  },
};

/** Finds out on the signer who signs with the old key, from which file; where nobody does, it is done elsewhere. */
export const oldFile: RotationStep = {
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
    const served = answers.all("serves").flatMap(line => servedKey(line, facts.oldKey));
    if (file === undefined && served.length === 0)
      return skipped(
        facts,
        t(
          "Neither secret-key-files of {0} nor nix-serve or harmonia there has the old key: it is switched by hand.",
          facts.signer,
        ),
      );
    const known = { ...facts, oldFile: file, served };
    return done(known, t("{0} on {1}", oldFiles(known).join(", "), facts.signer));
  },
};

/** A line `UNIT FILE PUBLICKEY`, if it is about this key. */
function servedKey(line: string, publicKey: string): readonly ServedKey[] {
  const [unit, file, key] = line.split(" ");
  const service = readHttpService(unit);
  if (service === undefined || file === undefined || !sameCacheKeyText(key ?? "", publicKey)) return [];
  return [{ service, file }];
}

/** The files on the signer that hold the old secret. */
export function oldFiles({ oldFile: file, served }: RotationFacts): readonly string[] {
  return [...new Set([...(file === undefined ? [] : [file]), ...served.map(key => key.file)])];
}

export const oldSecret: RotationStep = {
  id: "oldSecret",
  title: () => t("The old secret"),
  async run(facts, ports, signal) {
    const { signer } = facts;
    const files = oldFiles(facts);
    if (signer === undefined || files.length === 0) return skipped(facts, t("It is kept elsewhere."));
    const names = files.join(", ");
    const message = t("Delete the old signing key on {0}?", signer);
    const detail = t("{0}. Nobody trusts it any more. This cannot be undone.", names);
    if (!(await ports.confirm(message, detail, t("Delete the Key"))))
      return skipped(facts, t("Kept {0}.", names));
    const notes: string[] = [];
    for (const file of files) {
      const answers = await ask(ports, signer, removeCacheKeyScript(file, facts.oldKey), signal);
      if (typeof answers === "string") return failed(facts, answers);
      const { over, note } = keyRemoval(answers, signer, file);
      if (!over) return failed(facts, note);
      notes.push(note);
    }
    return done(facts, notes.join("; "));
  },
};
