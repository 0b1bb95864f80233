// An SSH agent on a socket of its own (ssh2's protocol) that signs, refuses to, or never answers.

import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { AgentProtocol, type ParsedKey } from "ssh2";

export interface RunningAgent {
  readonly socket: string;
  /** Connections that are open now. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** @param keys private ones */
export async function startAgent(
  keys: readonly ParsedKey[],
  habit: "signs" | "refuses" | "hangs",
): Promise<RunningAgent> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nda-"));
  const socket = path.join(folder, "agent");
  const open = new Set<net.Socket>();
  const server = net.createServer(client => {
    open.add(client);
    client.on("error", () => undefined);
    client.on("close", () => open.delete(client));
    if (habit === "hangs") {
      client.resume();
      return;
    }
    const protocol = new AgentProtocol(false);
    protocol.on("identities", request => protocol.getIdentitiesReply(request, [...keys]));
    protocol.on("sign", (request, wanted, data, options) => {
      const key = keys.find(each => each.getPublicSSH().equals((wanted as ParsedKey).getPublicSSH()));
      const signature = habit === "signs" ? key?.sign(data, options.hash) : undefined;
      if (signature === undefined || signature instanceof Error) protocol.failureReply(request);
      else protocol.signReply(request, signature);
    });
    client.pipe(protocol).pipe(client);
  });
  await new Promise<void>(resolve => server.listen(socket, resolve));
  return {
    socket,
    connections: () => open.size,
    stop: () =>
      new Promise(resolve => {
        for (const client of open) client.destroy();
        server.close(() => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
      }),
  };
}
