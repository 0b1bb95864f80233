// Why the proof of a staging cache failed, by name and with the fix. Both sides are asked, because the words of Nix alone
// do not tell a missing key from a wrong one.

import { parseCacheKey } from "../../../server/src/core/formats/cacheKey";
import { t } from "../l10n";
import type { TestResult } from "../stores/cacheTest";
import { explain } from "../stores/explain";
import type { Explanation, TroubleContext } from "../stores/explanation";
import { testOnHost } from "../stores/testOnHost";
import { type TroubleKind, tellingLine, troubleOf } from "../stores/trouble";
import { cacheUrl, httpServer, type StagingFacts } from "./facts";
import type { StagingPorts } from "./stagingStep";

export interface FailedProof {
  readonly client: string;
  readonly path: string;
  readonly said: readonly string[];
}

/** One line: the trouble's name, what it means, what to do, and what Nix said. */
export async function explainProof(
  facts: StagingFacts,
  ports: StagingPorts,
  failed: FailedProof,
  signal: AbortSignal,
): Promise<string> {
  const { kind, explanation } = await diagnoseProof(facts, ports, failed, signal);
  const { title, text, fix } = explanation;
  const todo = fix.kind === "command" ? `${fix.title}: ${fix.command}` : fix.title;
  return t("{0} ({1}). {2} {3}. Nix said: {4}", title, kind, text, todo, tellingLine(failed.said));
}

/** The trouble and what it means. */
export async function diagnoseProof(
  facts: StagingFacts,
  ports: StagingPorts,
  { client, path, said }: FailedProof,
  signal: AbortSignal,
): Promise<{ readonly kind: TroubleKind; readonly explanation: Explanation }> {
  const words = troubleOf(said.join("\n"));
  const host = ports.findHost(client);
  // these words have several causes, which only the signatures tell apart
  const unclear = words === "signature-refused" || words === "absent" || words === "unknown";
  const asked =
    host === undefined || !unclear
      ? undefined
      : await testOnHost(ports, host, { url: cacheUrl(facts), path }, signal);
  const result = asked?.test.result;
  const kind = kindOf(words, result);
  const names = result?.kind === "trouble" ? result.names : [];
  const context: TroubleContext = {
    host: client,
    url: cacheUrl(facts),
    serverAddress: facts.address,
    server: facts.server,
    signerKeys: facts.publicKey === undefined ? [] : [facts.publicKey],
    signatureNames: names.length > 0 ? names : [facts.keyName],
    contradicting: (asked?.side?.trustedPublicKeys ?? []).filter(
      key => nameOf(key) === facts.keyName && key !== facts.publicKey,
    ),
    clientKey: facts.clientKeys[client],
    serverHostKey: facts.hostPublicKey,
    signingKeyFile: facts.keyFile,
    httpServer: httpServer(facts),
    path,
  };
  return { kind, explanation: explain(kind, context) };
}

/** What was asked just now says more than Nix's words, unless it says that nothing is wrong. */
function kindOf(words: TroubleKind, result: TestResult | undefined): TroubleKind {
  if (result?.kind === "trouble" && result.trouble !== "unknown") return result.trouble;
  return result?.kind === "usable" && words === "signature-refused" ? "remembered" : words;
}

function nameOf(key: string): string | undefined {
  const reading = parseCacheKey(key);
  return reading.kind === "key" ? reading.key.name : undefined;
}
