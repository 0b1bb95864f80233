// The other side of the probing benchmark, in a process of its own: SSH servers on loopback that answer as hosts do,
// each 20 ms away. Prints the path of an SSH configuration that knows them, then runs until it is killed.
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { probeAnswer } from "../harness/probeAnswer";
import { makeKey, startSshServer } from "../harness/sshServer";

const count = Number(process.argv[2]);
const latencyMs = Number(process.argv[3]);
const folder = mkdtempSync(path.join(os.tmpdir(), "nd-bench-"));
const file = (name: string) => path.join(folder, name);
const key = makeKey();
writeFileSync(file("id"), key.privateText, { mode: 0o600 });

const hostKey = makeKey().privateText;
const config = [
  `Host *\n  IdentityFile ${file("id")}\n  IdentityAgent none\n  UserKnownHostsFile ${file("known_hosts")}`,
];
const known: string[] = [];
for (let index = 0; index < count; index++) {
  const server = await startSshServer({
    hostKey,
    latencyMs,
    authorized: [key.parsed],
    answer: (_command, stdin, channel) => {
      channel.write(probeAnswer({ stdin, generations: 100 }));
      channel.exit(0);
      channel.end();
    },
  });
  config.push(`Host host${index}\n  HostName 127.0.0.1\n  Port ${server.port}`);
  known.push(`[127.0.0.1]:${server.port} ${server.hostKey.type} ${server.hostKey.base64}`);
}
writeFileSync(file("config"), `${config.join("\n")}\n`);
writeFileSync(file("known_hosts"), `${known.join("\n")}\n`);
process.stdout.write(`${folder}\n`);
