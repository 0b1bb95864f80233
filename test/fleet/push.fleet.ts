// Pushing to stores over SSH on real hosts: what arrives, what is left to the host's own caches, and what is said where the host
// takes nothing, for both protocols and Nix 2.8 and 2.26 on the other side.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../client/src/ports/clock";
import { nodeHttp } from "../../client/src/ports/http";
import { NodeProcesses } from "../../client/src/ports/nodeProcesses";
import { parseDestination } from "../../client/src/push/destination";
import { type PushJob, type PushResult, push } from "../../client/src/push/push";
import { CancelledError } from "../../client/src/userError";
import { type Fleet, startFleet } from "./fleet";
import { copyToy, type ToyFlake } from "./toyFlake";

const pauses: number[] = [];
const clock = { ...systemClock, sleep: async (ms: number) => void pauses.push(ms) };
const processes = new NodeProcesses(systemClock);
const ports = { processes, http: nodeHttp, nix: "nix", clock };
let fleet: Fleet;
let toy: ToyFlake;

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  toy = await copyToy();
});

afterAll(async () => {
  toy?.remove();
  processes.dispose();
  await fleet?.stop();
});

function job(url: string, paths: readonly string[], upstream: readonly string[] = []): PushJob {
  return {
    destination: parseDestination(url),
    paths,
    upstream,
    cachix: { program: "cachix", token: undefined, compression: "zstd", pin: undefined },
    attic: { program: "attic", server: undefined },
    sshOptions: "-o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=2 -o ServerAliveCountMax=2",
  };
}

function pushing(each: PushJob, report: string[] = [], signal = new AbortController().signal) {
  return push(ports, each, line => report.push(line), signal);
}

const fresh = async (serial: number) => {
  toy.setHosts({ stage: { serial } });
  return toy.build("stage");
};

describe.each([
  ["ssh", "prod"],
  ["ssh-ng", "prod"],
  ["ssh", "web"],
  ["ssh-ng", "web"],
])("%s to %s", (scheme, host) => {
  test("a whole closure arrives, unsigned as it is, with progress; a second push sends nothing", async () => {
    const system = await fresh(scheme.length * 100 + host.length);
    const report: string[] = [];
    const result = await pushing(job(`${scheme}://root@${host}.test`, [system]), report);
    expect(result).toMatchObject({ outcome: "pushed", attempts: 1, upstream: 0 });
    expect(result.closure).toBeGreaterThan(3);
    expect(report.join("\n")).toMatch(/^\d+\/\d+ [0-9a-z]{32}-/m);
    const checked = await fleet.host(host).exec(["nix-store", "--check-validity", system]);
    expect(checked.code).toBe(0);
    const again = await pushing(job(`${scheme}://root@${host}.test`, [system]));
    expect(again).toMatchObject({ outcome: "pushed", attempts: 1 });
  });
});

describe("what is left out", () => {
  test("a path that an upstream cache over SSH has whole is not sent at all", async () => {
    const system = await fresh(801);
    await pushing(job("ssh://root@stage.test", [system]));
    const report: string[] = [];
    const result = await pushing(job("ssh://root@prod.test", [system], ["ssh://root@stage.test"]), report);
    expect(result).toMatchObject({ outcome: "nothing-to-do", leftOut: 1, attempts: 0 });
    expect(result.upstream).toBe(result.closure);
    expect((await fleet.host("prod").exec(["nix-store", "--check-validity", system])).code).toBe(1);
  });

  test("an upstream cache that is away has nothing, is named, and the push goes on", async () => {
    const system = await fresh(802);
    await fleet.host("stage").link("down");
    const result = await pushing(job("ssh://root@prod.test", [system], ["ssh://root@stage.test"]));
    await fleet.host("stage").link("up");
    expect(result).toMatchObject({ outcome: "pushed", upstream: 0 });
    expect([...result.silent.keys()]).toEqual(["ssh://root@stage.test"]);
  });
});

describe("what goes wrong", () => {
  test("a host that is away is tried four times, later each time, then named", async () => {
    const system = await fresh(803);
    pauses.length = 0;
    await fleet.host("prod").link("down");
    const result = await pushing(job("ssh://root@prod.test", [system]));
    await fleet.host("prod").link("up");
    expect(result).toMatchObject({ outcome: "failed", attempts: 4 });
    expect(pauses).toEqual([2000, 4000, 8000]);
    expect(result.said).toMatch(/root@prod\.test|prod\.test port 22/);
  }, 120_000);

  test("a login that is refused, and a store that takes nothing, are not tried again", async () => {
    const system = await fresh(804);
    await fleet.host("prod").sh(`
      useradd --system --no-create-home --home-dir /var/empty --shell /bin/bash --password '*' nix-ssh
      mkdir -p /var/empty /etc/ssh/authorized_keys.d
      cp /root/.ssh/authorized_keys /etc/ssh/authorized_keys.d/nix-ssh
      printf 'Match User nix-ssh\\n  ForceCommand /usr/bin/nix-store --serve\\nMatch All\\n' > /etc/ssh/sshd_config.d/nix-ssh.conf
      kill -HUP 1; sleep 0.5`);
    const readOnly = await pushing(job("ssh://nix-ssh@prod.test", [system]));
    expect(readOnly).toMatchObject({ outcome: "failed", attempts: 1 });
    expect(readOnly.said).toContain("importing paths is not allowed");
    const refused = await pushing(job("ssh://nobody@prod.test", [system]));
    expect(refused).toMatchObject({ outcome: "failed", attempts: 1 });
    expect(refused.said).toContain("Permission denied");
  });

  test("a push that is cancelled ends at once, with its ssh, and can be done again", async () => {
    toy.setHosts({ stage: { serial: 805, payloadMb: 40 } });
    const system = await toy.build("stage");
    await fleet.host("prod").slow("20mbit");
    const cancel = new AbortController();
    const started = pushing(job("ssh://root@prod.test", [system]), [], cancel.signal);
    const ended = started.then(
      (result: PushResult) => result.outcome,
      (error: unknown) => (error instanceof CancelledError ? "cancelled" : String(error)),
    );
    await new Promise(resolve => setTimeout(resolve, 2000));
    const began = performance.now();
    cancel.abort();
    expect(await ended).toBe("cancelled");
    expect(performance.now() - began).toBeLessThan(6000);
    await fleet.host("prod").fast();
    expect(await pushing(job("ssh://root@prod.test", [system]))).toMatchObject({ outcome: "pushed" });
  }, 120_000);
});
