// The keys of a staging cache: the one that signs, those with which clients log in, and the one by which they know the server.
// What is there is kept.

import { t } from "../l10n";
import type { StepResult } from "../procedure/procedure";
import { done, failed, skipped, undone } from "../procedure/results";
import { ask } from "../remote/askHost";
import {
  cacheKeyScript,
  hostKeyScript,
  publicKeyWords,
  removeCacheKeyScript,
  removeSshKeyScript,
  rootSshKeyScript,
} from "../remote/hostKeys";
import { keyRefusal, keyRemoval } from "../remote/keyAnswers";
import { type MadeKey, overSsh, type StagingFacts } from "./facts";
import type { StagingPorts, StagingStep } from "./stagingStep";

export const signingKey: StagingStep = {
  id: "signingKey",
  title: facts => t("The signing key on {0}", facts.server),
  async run(facts, ports, signal) {
    const { server } = facts;
    const mode = overSsh(facts.transport) ? "keep" : "keepServed";
    const answers = await ask(ports, server, cacheKeyScript(facts.keyFile, facts.keyName, mode), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const [publicKey, file] = [answers.one("public"), answers.one("file")];
    if (publicKey === undefined || file === undefined)
      return failed(facts, keyRefusal(server, facts.keyFile, answers.one("refused")));
    const known = { ...facts, publicKey, keyFile: file };
    if (answers.one("made") === undefined) {
      const bits = answers.one("mode") ?? "";
      const open = /^[0-7]?[0-7]00$/.test(bits)
        ? ""
        : ` ${t("Its mode is {0}, so that others can read it: chmod 600 {1}", bits, file)}`;
      return done(known, t("Kept the key in {0}: {1}", file, publicKey) + open);
    }
    const made: MadeKey = { kind: "cacheKey", host: server, file, publicKey };
    return done({ ...known, made: [...facts.made, made] }, t("Made {0}: {1}", file, publicKey));
  },
  undo: (facts, ports, signal) => removeMade("cacheKey", facts, ports, signal),
};

export const clientKeys: StagingStep = {
  id: "clientKeys",
  title: facts => t("The SSH keys of {0}", facts.clients.join(", ")),
  async run(facts, ports, signal) {
    if (!overSsh(facts.transport)) return skipped(facts, t("A cache over HTTP needs no SSH keys."));
    let known = facts;
    const notes: string[] = [];
    for (const client of facts.clients) {
      const answers = await ask(ports, client, rootSshKeyScript(), signal);
      if (typeof answers === "string") return failed(known, answers);
      const [publicKey, file] = [publicKeyWords(answers.one("rootkey")), answers.one("file")];
      if (publicKey === undefined || file === undefined) {
        const locked = answers.one("refused") === "passphrase";
        return failed(
          known,
          locked
            ? t("Root's SSH key on {0} has a passphrase, which nobody can type there.", client)
            : t("Root of {0} has no SSH key, and none could be made.", client),
        );
      }
      const made: readonly MadeKey[] =
        answers.one("made") === undefined ? [] : [{ kind: "sshKey", host: client, file, publicKey }];
      known = {
        ...known,
        clientKeys: { ...known.clientKeys, [client]: publicKey },
        made: [...known.made, ...made],
      };
      notes.push(made.length > 0 ? t("made {0} on {1}", file, client) : t("kept {0} on {1}", file, client));
    }
    return done(known, notes.join("; "));
  },
  undo: (facts, ports, signal) => removeMade("sshKey", facts, ports, signal),
};

async function removeMade(
  kind: MadeKey["kind"],
  facts: StagingFacts,
  ports: StagingPorts,
  signal: AbortSignal,
): Promise<StepResult<StagingFacts>> {
  let left = facts;
  const notes: string[] = [];
  for (const key of facts.made.filter(each => each.kind === kind)) {
    const script = kind === "cacheKey" ? removeCacheKeyScript : removeSshKeyScript;
    const answers = await ask(ports, key.host, script(key.file, key.publicKey), signal);
    if (typeof answers === "string") return failed(left, answers);
    const removal = keyRemoval(answers, key.host, key.file);
    if (!removal.over) return failed(left, removal.note);
    notes.push(removal.note);
    left = { ...left, made: left.made.filter(each => each !== key) };
  }
  return undone(left, notes.join("; ") || t("Nothing had been made."));
}

export const hostKey: StagingStep = {
  id: "hostKey",
  title: facts => t("The host key of {0}", facts.server),
  async run(facts, ports, signal) {
    if (!overSsh(facts.transport)) return skipped(facts, t("A cache over HTTP needs no host key."));
    const answers = await ask(ports, facts.server, hostKeyScript(), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const hostPublicKey = publicKeyWords(answers.all("hostkey")[0]);
    if (hostPublicKey === undefined) return failed(facts, t("{0} shows no SSH host key.", facts.server));
    return done({ ...facts, hostPublicKey }, hostPublicKey);
  },
};
