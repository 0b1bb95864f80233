// What shows that a staging cache works: what the server has is signed, and clients fetch what only the server can have.

import { randomBytes } from "node:crypto";
import { isStorePath } from "../../../server/src/core/formats/storePath";
import { t } from "../l10n";
import { done, failed, skipped } from "../procedure/results";
import { ask } from "../remote/askHost";
import { signSystemScript } from "../remote/hostKeys";
import { overSsh } from "./facts";
import { explainProof } from "./proofTrouble";
import { proofOnClientScript, proofOnServerScript } from "./scripts";
import type { StagingStep } from "./stagingStep";

export const existingPaths: StagingStep = {
  id: "existingPaths",
  title: facts => t("Sign what {0} has already", facts.server),
  async run(facts, ports, signal) {
    if (!overSsh(facts.transport)) return skipped(facts, t("A server for HTTP signs what it serves."));
    const answers = await ask(ports, facts.server, signSystemScript(facts.keyFile), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const code = answers.one("code");
    if (code === "none") return skipped(facts, t("{0} runs no system yet.", facts.server));
    const said = answers.one("err") ?? "";
    return code === "0" ? done(facts, said || t("Signed.")) : failed(facts, said);
  },
};

export const proof: StagingStep = {
  id: "proof",
  title: facts => t("Proof: a path from {1} reaches {0}", facts.clients.join(", "), facts.server),
  async run(facts, ports, signal) {
    for (const client of facts.clients) {
      const nonce = randomBytes(12).toString("hex");
      const built = await ask(ports, facts.server, proofOnServerScript(nonce), signal);
      if (typeof built === "string") return failed(facts, built);
      const path = built.one("path");
      if (path === undefined || !isStorePath(path))
        return failed(facts, t("{0} can't build: {1}", facts.server, built.all("err").at(-1) ?? ""));
      const fetched = await ask(ports, client, proofOnClientScript(path, nonce), signal);
      if (typeof fetched === "string") return failed(facts, fetched);
      if (fetched.one("fetched") !== "yes")
        return failed(
          facts,
          await explainProof(facts, ports, { client, path, said: fetched.all("err") }, signal),
        );
    }
    const note = t(
      "{0} fetched a path that only {1} had, as root, signed by {2}.",
      facts.clients.join(", "),
      facts.server,
      facts.keyName,
    );
    const open = t("The port {0} must stay open in the firewall of {1}.", facts.port, facts.server);
    return done(facts, overSsh(facts.transport) || facts.openFirewall ? note : `${note} ${open}`);
  },
};
