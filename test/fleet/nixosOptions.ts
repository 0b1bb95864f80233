// What NixOS' modules make of the options of a binary cache, done by hand on toy hosts, which have no modules: edit
// operations are collected, and a deploy writes nix.conf, sshd's settings and known_hosts as the real modules would.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { EditOperation, EditValue } from "../../server/src/protocol";
import { restartNixDaemon } from "./faults";
import type { Host } from "./fleet";

/** The options of each host, as far as a staging cache sets any. */
export class OptionsByHost {
  readonly #values = new Map<string, Map<string, EditValue>>();

  /** Does what the edits of a configuration would say. */
  apply(operations: readonly EditOperation[]): void {
    for (const operation of operations) {
      if (!("hosts" in operation.target)) throw new Error("the toys have no files");
      for (const host of operation.target.hosts) this.#change(host, operation);
    }
  }

  list(host: string, option: string): readonly string[] {
    return this.#items(host, option).map(String);
  }

  get(host: string, option: string): EditValue | undefined {
    return this.#values.get(host)?.get(option);
  }

  /** All options of a host below a prefix. */
  below(host: string, prefix: string): readonly (readonly [string, EditValue])[] {
    return [...(this.#values.get(host) ?? [])].filter(([option]) => option.startsWith(prefix));
  }

  forget(): void {
    this.#values.clear();
  }

  #items(host: string, option: string): readonly EditValue[] {
    const value = this.#values.get(host)?.get(option);
    return Array.isArray(value) ? value : [];
  }

  #change(host: string, operation: EditOperation): void {
    const options = this.#values.get(host) ?? new Map<string, EditValue>();
    this.#values.set(host, options);
    const { option } = operation;
    if (operation.kind === "set") options.set(option, operation.value);
    else {
      const added = new Set<EditValue>(operation.items);
      const others = this.#items(host, option).filter(item => !added.has(item));
      options.set(option, operation.kind === "addToList" ? [...others, ...operation.items] : others);
    }
  }
}

/** Makes a running toy host what its options say. */
export async function activateOptions(host: Host, options: OptionsByHost): Promise<void> {
  const { name } = host;
  const setting = (key: string) => `${key} = ${options.list(name, `nix.settings.${key}`).join(" ")}`;
  const lines = [
    "experimental-features = nix-command flakes",
    "sandbox = false",
    "build-users-group =",
    "gc-reserved-space = 0",
    ...["substituters", "trusted-public-keys", "secret-key-files"].map(setting),
    `fallback = ${options.get(name, "nix.settings.fallback") === true}`,
  ];
  const known = options.below(name, "programs.ssh.knownHosts.").map(([option, key]) => {
    const address = /"(.*)"/.exec(option)?.[1] ?? "";
    return `${address} ${String(key)}`;
  });
  await host.sh(`cat > /etc/nix/nix.conf <<'EOC'\n${lines.join("\n")}\nEOC`);
  await host.sh(`cat > /etc/ssh/ssh_known_hosts <<'EOC'\n${known.join("\n")}\nEOC`);
  if (options.get(name, "nix.sshServe.enable") === true) await serve(host, options);
  await restartNixDaemon(host);
  await serveHttp(host, options);
}

async function serve(host: Host, options: OptionsByHost): Promise<void> {
  const ng = options.get(host.name, "nix.sshServe.protocol") === "ssh-ng";
  const command = ng ? "/usr/bin/nix-daemon --stdio" : "/usr/bin/nix-store --serve";
  const keys = options.list(host.name, "nix.sshServe.keys").join("\n");
  await host.sh(`
    id nix-ssh >/dev/null 2>&1 || useradd --system --no-create-home --home-dir /var/empty --shell /bin/bash --password '*' nix-ssh
    mkdir -p /var/empty /etc/ssh/authorized_keys.d
    cat > /etc/ssh/authorized_keys.d/nix-ssh <<'EOC'\n${keys}\nEOC
    cat > /etc/ssh/sshd_config.d/nix-ssh.conf <<'EOC'
Match User nix-ssh
  AllowAgentForwarding no
  AllowTcpForwarding no
  PermitTTY no
  PermitTunnel no
  X11Forwarding no
  ForceCommand ${command}
Match All
EOC
    sshd -t && kill -HUP 1
    i=0
    until awk '$4 == "0A" { print $2 }' /proc/net/tcp | grep -q ':0016$'; do i=$((i+1)); [ $i -lt 250 ] || exit 1; sleep 0.02; done`);
}

/**
 * nix-serve and harmonia, by a stand-in that does with the host's real store and Nix what they do. Toys have no firewall: a
 * server behind a closed one is a server that only the host itself reaches.
 */
async function serveHttp(host: Host, options: OptionsByHost): Promise<void> {
  const { name } = host;
  const nixServe = options.get(name, "services.nix-serve.enable") === true;
  const flat = options.get(name, "services.harmonia.enable") === true;
  const harmonia = flat || options.get(name, "services.harmonia.cache.enable") === true;
  const prefix = flat ? "services.harmonia" : "services.harmonia.cache";
  await host.sh("pkill -f /root/httpCache.pl || true; rm -f /etc/systemd/system/*.service");
  if (!nixServe && !harmonia) return;
  const key = nixServe
    ? options.get(name, "services.nix-serve.secretKeyFile")
    : options.list(name, `${prefix}.signKeyPaths`)[0];
  const bind = options.get(name, `${prefix}.settings.bind`);
  const port = Number(
    (nixServe
      ? options.get(name, "services.nix-serve.port")
      : String(bind ?? "")
          .split(":")
          .at(-1)) || 5000,
  );
  const open =
    options.get(name, "services.nix-serve.openFirewall") === true ||
    options.list(name, "networking.firewall.allowedTCPPorts").includes(String(port));
  const credential = nixServe ? "NIX_SECRET_KEY_FILE" : "sign-key-0";
  const unit = nixServe ? "nix-serve" : "harmonia";
  const program = readFileSync(path.join(import.meta.dirname, "httpCache.pl"), "utf8");
  const address = open ? "0.0.0.0" : "127.0.0.1";
  await host.sh(`
    mkdir -p /etc/systemd/system
    cat > /etc/systemd/system/${unit}.service <<'EOC'\n[Service]\n${key ? `LoadCredential=${credential}:${String(key)}` : ""}\nEOC
    cat > /root/httpCache.pl <<'EOC'\n${program}EOC
    setsid perl /root/httpCache.pl ${address} ${port} ${typeof key === "string" ? key : ""} >/var/log/http-cache.log 2>&1 </dev/null &`);
}
