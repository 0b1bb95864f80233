// What the host that serves a cache says of its own keys, for a fix that needs them: nobody else may know them yet.

import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import type { FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import { publicKeyWords, serverKeysScript } from "../remote/hostKeys";
import type { HostShell } from "../remote/hostShell";
import { type HttpServer, httpServerOf, readHttpService } from "../stores/httpServer";

export interface ServerSide {
  /** The host's own SSH public key: `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey: string | undefined;
  /** The keys that it signs with: where they are, and their public halves as `NAME:BASE64`. */
  readonly signingKeys: readonly { readonly file: string; readonly publicKey: string }[];
  /** What serves its store over HTTP. */
  readonly httpServer: HttpServer | undefined;
}

/** The host of the fleet that a cache's URL names. */
export function servingHost(fleet: FleetSnapshot | undefined, text: string): HostSnapshot | undefined {
  const address = parseStoreUrl(text).url?.host?.text;
  if (address === undefined) return undefined;
  return fleet?.hosts.find(host => host.hostname === address || host.name === address);
}

/** Undefined where the host cannot be asked. */
export async function askServer(
  shell: HostShell,
  host: HostSnapshot,
  signal: AbortSignal,
): Promise<ServerSide | undefined> {
  const answer = await shell.asRoot(host, serverKeysScript(), { signal, timeoutMs: 30_000 });
  if (answer.kind === "failed") return undefined;
  const { answers } = answer;
  const served = answers.all("serves").map(line => line.split(" "));
  const held = answers.all("holds").map(line => line.split(" "));
  const service = readHttpService(answers.one("service")) ?? host.httpServer?.service;
  return {
    hostPublicKey: publicKeyWords(answers.all("hostkey")[0]),
    signingKeys: [...served.map(([, ...rest]) => rest), ...held].flatMap(([file, publicKey]) =>
      file === undefined || publicKey === undefined ? [] : [{ file, publicKey }],
    ),
    httpServer: service === undefined ? undefined : httpServerOf(host, service),
  };
}
