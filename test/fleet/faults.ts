// What goes wrong with real hosts, on purpose. Power, cable and bandwidth are methods of Host; here is what happens inside one.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Host } from "./fleet";

/** Moves sshd to another port: connections to 22 are refused. */
export async function closeSshPort(host: Host): Promise<void> {
  await host.sh("sed -i '1i Port 2222' /etc/ssh/sshd_config; kill -HUP 1");
  await settle(host, "2222");
}

/** Undoes `closeSshPort`. */
export async function openSshPort(host: Host): Promise<void> {
  await host.sh("sed -i '/^Port 2222$/d' /etc/ssh/sshd_config; kill -HUP 1");
  await settle(host, "22");
}

/** Gives the host another host key, as a reinstalled machine has. */
export async function changeHostKey(host: Host): Promise<void> {
  await host.sh(`
    rm -f /etc/ssh/ssh_host_ed25519_key*
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
    kill -HUP 1`);
  await settle(host, "22");
}

/** Makes the deploying side know no host key of this host, as before the first login. */
export function forgetHostKey(host: Host): void {
  const file = knownHostsFile();
  const others = readFileSync(file, "utf8")
    .split("\n")
    .filter(line => !line.startsWith(`${host.name},`));
  writeFileSync(file, others.join("\n"));
}

/** Makes the deploying side trust the host key that the host has now. */
export async function trustHostKey(host: Host): Promise<void> {
  forgetHostKey(host);
  const key = await host.sh("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub");
  const line = `${host.name},${host.name}.test,${host.address} ${key}\n`;
  writeFileSync(knownHostsFile(), line, { flag: "a" });
}

/** Lets nobody log in with a key any more. */
export async function refuseKeys(host: Host): Promise<void> {
  await host.sh("mv /root/.ssh/authorized_keys /root/.ssh/authorized_keys.away");
}

/** Undoes `refuseKeys`. */
export async function acceptKeys(host: Host): Promise<void> {
  await host.sh("mv /root/.ssh/authorized_keys.away /root/.ssh/authorized_keys");
}

/** Makes every following activation on this host end with this code, whatever the system says; 0 is success. */
export async function setActivationExit(host: Host, code: number): Promise<void> {
  await host.sh(`echo ${code} > /etc/toy-exit`);
}

/** Removes what the host receives closures with, as on a machine without Nix. */
export async function hideNix(host: Host): Promise<void> {
  await host.sh("mv /usr/bin/nix-store /usr/bin/nix-store.away");
}

/** Undoes `hideNix`. */
export async function showNix(host: Host): Promise<void> {
  await host.sh("mv /usr/bin/nix-store.away /usr/bin/nix-store");
}

/** Kills the sshd processes of all logged-in sessions; what they run goes on. */
export async function dropConnections(host: Host): Promise<void> {
  await host.exec(["pkill", "-f", "sshd.*: root@notty"]);
}

/** Restarts nix-daemon, which reads nix.conf only when it starts. */
export async function restartNixDaemon(host: Host): Promise<void> {
  await host.sh(`
    pkill -x nix-daemon || true
    setsid nix-daemon --daemon >/var/log/nix-daemon.log 2>&1 </dev/null &
    until [ -S /nix/var/nix/daemon-socket/socket ]; do sleep 0.02; done`);
}

function knownHostsFile(): string {
  return path.join(process.env["HOME"] ?? "/root", ".ssh/known_hosts");
}

/** sshd re-reads its settings by starting anew: wait until it listens again where it should, and only there. */
async function settle(host: Host, port: "22" | "2222"): Promise<void> {
  const listening = port === "22" ? ":0016" : ":08AE";
  const other = port === "22" ? ":08AE" : ":0016";
  await host.sh(`
    i=0
    until awk '$4 == "0A" { print $2 }' /proc/net/tcp > /tmp/listening; grep -q '${listening}$' /tmp/listening && ! grep -q '${other}$' /tmp/listening; do
      i=$((i+1)); [ $i -lt 250 ] || exit 1; sleep 0.02
    done`);
}
