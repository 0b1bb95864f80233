// An SSH configuration, keys, known_hosts and servers of a test's own, in a folder of its own.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ParsedKey } from "ssh2";
import { afterEach, expect } from "vitest";
import type { RemoteScript } from "../../client/src/ports/ssh/command";
import { blobType } from "../../client/src/ports/ssh/knownHosts";
import { createSshPort, type SshPort } from "../../client/src/ports/ssh/sshPort";
import { makeKey, type RunningSshServer, type SshServerOptions, startSshServer } from "./sshServer";

export const SCRIPT: RemoteScript = { name: "a test", text: "echo hello" };
export const never = new AbortController().signal;

/** For the top of a file of tests: makes worlds, and ends each after the test that asked for it. */
export function sshWorlds(): () => SshWorld {
  const worlds: SshWorld[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.end();
  });
  return () => {
    const world = new SshWorld();
    worlds.push(world);
    return world;
  };
}

export class SshWorld {
  readonly dir = mkdtempSync(path.join(os.tmpdir(), "nds-"));
  readonly servers: RunningSshServer[] = [];
  readonly asked: string[] = [];
  passphrase: string | undefined;
  concurrency = 16;
  agentSocket: string | undefined;

  async server(name: string, options: SshServerOptions = {}, known: "known" | "unknown" | "other" = "known") {
    const server = await startSshServer(options);
    this.servers.push(server);
    if (known !== "unknown") {
      const key = known === "known" ? server.hostKey : hostKeyOf(makeKey().parsed);
      writeFileSync(this.file("known_hosts"), `[127.0.0.1]:${server.port} ${key.type} ${key.base64}\n`, {
        flag: "a",
      });
    }
    this.config(`Host ${name}\n  HostName 127.0.0.1\n  Port ${server.port}\n`);
    return server;
  }

  config(text: string): void {
    writeFileSync(this.file("config"), text, { flag: "a" });
  }

  key(name = "id", passphrase?: string): ParsedKey {
    const key = makeKey(passphrase);
    writeFileSync(this.file(name), key.privateText, { mode: 0o600 });
    this.config(
      `Host *\n  IdentityFile ${this.file(name)}\n  UserKnownHostsFile ${this.file("known_hosts")}\n`,
    );
    return key.parsed;
  }

  /** Stops the servers. A connection that is still open is a leak. */
  async end(): Promise<void> {
    for (const server of this.servers) {
      await expect
        .poll(() => server.connections(), { timeout: 5000, message: "a connection leaked" })
        .toBe(0);
      await server.stop();
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  file(name: string): string {
    return path.join(this.dir, name);
  }

  port(): SshPort {
    return createSshPort({
      settings: () => ({ configFile: this.file("config"), concurrency: this.concurrency }),
      askPassphrase: async file => {
        this.asked.push(path.basename(file));
        return this.passphrase;
      },
      agentSocket: this.agentSocket,
    });
  }
}

function hostKeyOf(parsed: ParsedKey) {
  const blob = parsed.getPublicSSH();
  return { type: blobType(blob), base64: blob.toString("base64") };
}
