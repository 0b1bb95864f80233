// The test hosts, as objects. Works only below `fleet.sh run` (npm run test:fleet), where ~/.ssh, /etc/hosts and /nix are
// the run's own: `ssh prod`, `nix copy --to ssh://root@prod` and the name prod.test just work.
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Ran, type RunOptions, requireCommand, runCommand } from "./command";

const script = path.join(import.meta.dirname, "fleet.sh");

/** Where hosts, the deploying side's settings and its keys live during the run. */
function stateFolder(): string {
  const folder = process.env["FLEET_STATE"];
  if (!folder) throw new Error("the fleet suites run by `npm run test:fleet` only: it makes the namespaces");
  return folder;
}

/** One generation of the system profile. */
export interface Generation {
  readonly number: number;
  readonly current: boolean;
}

/** A running, switched-off or unplugged host. */
export class Host {
  constructor(readonly name: string) {}

  /** The address; `name` and `name.test` resolve to it. */
  get address(): string {
    return `10.77.0.${readFileSync(path.join(stateFolder(), "hosts", this.name, "number"), "utf8").trim()}`;
  }

  /** Runs argv as root in the host, without ssh. */
  exec(argv: readonly string[], options?: RunOptions): Promise<Ran> {
    return runCommand([script, "exec", this.name, ...argv], options);
  }

  /** Runs a POSIX sh script as root in the host, without ssh; throws when it fails; returns its output. */
  sh(text: string, options?: RunOptions): Promise<string> {
    return requireCommand([script, "exec", this.name, "sh", "-eu"], { ...options, input: text });
  }

  /** Runs argv over ssh as the deploying side does. */
  ssh(argv: readonly string[], options?: RunOptions): Promise<Ran> {
    return runCommand(["ssh", this.name, ...argv], options);
  }

  /** The system that runs now, or undefined before the first activation. */
  async currentSystem(): Promise<string | undefined> {
    return (await this.exec(["readlink", "/run/current-system"])).stdout.trim() || undefined;
  }

  /** The generations of the system profile, oldest first. */
  async generations(): Promise<Generation[]> {
    const listed = await this.sh("nix-env -p /nix/var/nix/profiles/system --list-generations");
    const lines = listed.split("\n").filter(line => line.trim() !== "");
    return lines.map(line => ({ number: Number.parseInt(line, 10), current: line.includes("(current)") }));
  }

  /** Power cut: no goodbye reaches anybody. The disk stays, /run is lost. */
  async off(): Promise<void> {
    await requireCommand([script, "off", this.name]);
  }

  /** Power on. With `nixSize` (such as "24m") /nix is a small, empty disk. */
  async boot(options: { readonly nixSize?: string } = {}): Promise<void> {
    const env = options.nixSize ? { NIX_SIZE: options.nixSize } : {};
    await requireCommand([script, "boot", this.name], { env });
  }

  /** Pulls the network cable, or plugs it in. */
  async link(state: "up" | "down"): Promise<void> {
    await requireCommand([script, "link", this.name, state]);
  }

  /** Bounds the bandwidth towards the host, such as "1mbit". */
  async slow(rate: string): Promise<void> {
    await requireCommand([script, "slow", this.name, rate]);
  }

  /** Full bandwidth again. */
  async fast(): Promise<void> {
    await requireCommand([script, "fast", this.name]);
  }
}

/** All hosts of one suite. */
export interface Fleet {
  /** The host of that name; throws when there is none. */
  host(name: string): Host;
  /** Stops all hosts and forgets their disks. */
  stop(): Promise<void>;
}

/**
 * Starts hosts and waits until sshd of each answers. A host is `name` (Nix 2.26), `name:bookworm` (Nix 2.8) or `name:/`
 * (the machine's own files). One fleet at a time: suites run one after the other.
 */
export async function startFleet(...specs: string[]): Promise<Fleet> {
  stateFolder();
  await requireCommand([script, "up", ...specs]);
  const hosts = new Map(specs.map(spec => spec.split(":")[0] ?? spec).map(name => [name, new Host(name)]));
  return {
    host: name => {
      const host = hosts.get(name);
      if (!host) throw new Error(`no host ${name}; there are ${[...hosts.keys()].join(", ")}`);
      return host;
    },
    stop: async () => {
      await requireCommand([script, "down"]);
    },
  };
}
