// The staging wizard's own steps on real hosts, as somebody would drive them without an editor. Only the deploy is the test's
// own, because toy hosts have no NixOS modules.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../client/src/ports/clock";
import { nodeFiles } from "../../client/src/ports/files";
import { createLog } from "../../client/src/ports/log";
import { createSshPort, type SshPort } from "../../client/src/ports/ssh/sshPort";
import type { Progress, Saved } from "../../client/src/procedure/procedure";
import { ProcedureStore } from "../../client/src/procedure/procedureStore";
import { createHostShell } from "../../client/src/remote/hostShell";
import { readStagingFacts, type StagingFacts } from "../../client/src/staging/facts";
import { diagnoseProof } from "../../client/src/staging/proofTrouble";
import { proofOnClientScript, proofOnServerScript } from "../../client/src/staging/scripts";
import type { StagingPorts } from "../../client/src/staging/stagingStep";
import type { CacheFix } from "../../client/src/stores/explanation";
import type { HostSnapshot } from "../../server/src/protocol";
import { fleetOf, hostOf } from "../harness/snapshots";
import type { Fleet } from "./fleet";
import { activateOptions, OptionsByHost } from "./nixosOptions";

export interface FoundTrouble {
  readonly kind: string;
  readonly title: string;
  readonly fix: CacheFix;
}

export interface Wizard {
  readonly ports: StagingPorts;
  /** What the configuration of the hosts says. */
  readonly options: OptionsByHost;
  /** Names of hosts in the order of their deployments. */
  readonly deployed: string[];
  /** Everything that left for hosts, came back, was logged or kept: no secret may be in it. */
  readonly heard: string[];
  /** The extension's storage. */
  readonly folder: string;
  readonly memory: Map<string, unknown>;
  findHost(name: string): HostSnapshot;
  store(): ProcedureStore<StagingFacts>;
  progress(): Progress<StagingFacts>;
  /** What the proof on a client says now; an error where it succeeds. */
  trouble(facts: StagingFacts, client: string): Promise<FoundTrouble>;
  remove(): void;
}

export const never = () => new AbortController().signal;

/** A wizard on `stage` for one client that has not begun. */
export function stagingStart(client: string, details: Partial<StagingFacts> = {}): Saved<StagingFacts> {
  const facts: StagingFacts = {
    server: "stage",
    clients: [client],
    transport: "ssh",
    address: "stage.test",
    keyName: "stage.test-1",
    keyFile: "/var/lib/nix-deploy/stage.test-1.secret",
    port: 5000,
    flat: false,
    openFirewall: false,
    publicKey: undefined,
    hostPublicKey: undefined,
    clientKeys: {},
    made: [],
    changed: [],
    ...details,
  };
  return { version: 1, kind: "staging", id: `for-${client}`, startedAt: 1, facts, records: {} };
}

/** What each step came to. */
export function outcomes(state: Saved<unknown>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(state.records).map(([id, { outcome }]) => [id, outcome]));
}

export function createWizard(fleet: Fleet, hosts: readonly string[]): Wizard {
  const options = new OptionsByHost();
  const deployed: string[] = [];
  const heard: string[] = [];
  const memory = new Map<string, unknown>();
  const folder = mkdtempSync(path.join(tmpdir(), "staging-"));
  const snapshot = fleetOf(hosts.map(name => hostOf({ name, hostname: `${name}.test`, sshUser: "root" })));
  const lookUp = (name: string) => snapshot.hosts.find(host => host.name === name);
  const ports: StagingPorts = {
    shell: createHostShell(listening(heard)),
    clock: systemClock,
    findHost: lookUp,
    async change(_message, operations) {
      heard.push(JSON.stringify(operations));
      options.apply(operations);
      return [];
    },
    undoChange: async () => options.forget(),
    async deploy(names) {
      for (const name of names) {
        deployed.push(name);
        await activateOptions(fleet.host(name), options);
      }
    },
  };
  const findHost = (name: string): HostSnapshot => {
    const host = lookUp(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  };
  const store = () =>
    new ProcedureStore<StagingFacts>({
      files: nodeFiles,
      memory: { get: key => memory.get(key), set: async (key, value) => void memory.set(key, value) },
      log: createLog(
        (_, line) => heard.push(line),
        () => undefined,
      ),
      folder,
      kind: "staging",
      readFacts: readStagingFacts,
    });
  return {
    ports,
    options,
    deployed,
    heard,
    folder,
    memory,
    findHost,
    store,
    progress: () => ({
      save: state => store().save(state),
      report: step => heard.push(step),
      now: () => Date.now(),
      signal: never(),
    }),
    trouble: (facts, client) => findTrouble(ports, findHost, facts, client),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function listening(heard: string[]): SshPort {
  const ssh = createSshPort({
    settings: () => ({ configFile: undefined, concurrency: 8 }),
    askPassphrase: async () => undefined,
  });
  return {
    ...ssh,
    async run(target, script, runOptions) {
      const outcome = await ssh.run(target, script, runOptions);
      heard.push(script.text, ...(script.args ?? []), JSON.stringify(outcome));
      return outcome;
    },
  };
}

async function findTrouble(
  ports: StagingPorts,
  findHost: (name: string) => HostSnapshot,
  facts: StagingFacts,
  client: string,
): Promise<FoundTrouble> {
  const nonce = Math.random().toString(36).slice(2);
  const built = await ports.shell.asRoot(findHost(facts.server), proofOnServerScript(nonce));
  const proofPath = built.kind === "told" ? built.answers.one("path") : undefined;
  if (proofPath === undefined) throw new Error(`${facts.server} built nothing`);
  const fetched = await ports.shell.asRoot(findHost(client), proofOnClientScript(proofPath, nonce));
  if (fetched.kind !== "told") throw new Error(fetched.why);
  if (fetched.answers.one("fetched") !== undefined) throw new Error(`${client} fetched ${proofPath}`);
  const failed = { client, path: proofPath, said: fetched.answers.all("err") };
  const { kind, explanation } = await diagnoseProof(facts, ports, failed, never());
  return { kind, title: explanation.title, fix: explanation.fix };
}
