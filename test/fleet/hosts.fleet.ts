// The fleet itself: hosts are real, apart from each other, and every fault does what it says.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./command";
import {
  acceptKeys,
  changeHostKey,
  closeSshPort,
  dropConnections,
  forgetHostKey,
  hideNix,
  openSshPort,
  refuseKeys,
  restartNixDaemon,
  setActivationExit,
  showNix,
  trustHostKey,
} from "./faults";
import { type Fleet, type Host, startFleet } from "./fleet";
import { activate, copyToy, sendSystem, type ToyFlake } from "./toyFlake";

let fleet: Fleet;
let toy: ToyFlake;
let stage: Host;
let prod: Host;
let web: Host;

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  [stage, prod, web] = [fleet.host("stage"), fleet.host("prod"), fleet.host("web")];
  toy = await copyToy();
});

afterAll(async () => {
  toy.remove();
  await fleet.stop();
});

test("each host answers over ssh with its own name, disk and host key", async () => {
  const answers = await Promise.all(
    ["stage", "prod.test", "web"].map(name => runCommand(["ssh", name, "hostname"])),
  );
  expect(answers.map(answer => answer.stdout)).toEqual(["stage\n", "prod\n", "web\n"]);
  await stage.sh("echo here > /root/mark");
  expect((await prod.exec(["test", "-e", "/root/mark"])).code).toBe(1);
  const keys = await Promise.all(
    [stage, prod, web].map(host => host.sh("cat /etc/ssh/ssh_host_ed25519_key.pub")),
  );
  expect(new Set(keys).size).toBe(3);
});

test("hosts reach each other, and nothing outside", async () => {
  expect((await stage.exec(["bash", "-c", "exec 3<>/dev/tcp/prod.test/22"])).code).toBe(0);
  expect((await stage.exec(["bash", "-c", "exec 3<>/dev/tcp/192.0.2.1/80"])).stderr).toContain("unreachable");
});

test("a toy system is built, copied, activated and rolled back", async () => {
  for (const host of [prod, web]) {
    toy.setHosts({ prod: { serial: 1 }, web: { serial: 1 } });
    const first = await toy.build(host.name);
    await sendSystem(host.name, first);
    expect((await activate(host.name, first)).stderr).toContain("activating the configuration...");
    expect(await host.currentSystem()).toBe(first);

    toy.setHosts({ prod: { serial: 2 }, web: { serial: 2 } });
    const second = await toy.build(host.name);
    expect(second).not.toBe(first);
    await sendSystem(host.name, second);
    await activate(host.name, second);
    expect(await host.currentSystem()).toBe(second);
    expect(await host.generations()).toEqual([
      { number: 1, current: false },
      { number: 2, current: true },
    ]);

    const back =
      "nix-env -p /nix/var/nix/profiles/system --rollback && /nix/var/nix/profiles/system/bin/switch-to-configuration switch";
    expect((await host.ssh([back])).code).toBe(0);
    expect(await host.currentSystem()).toBe(first);
  }
});

test("a build that fails shows the builder's words", async () => {
  toy.setHosts({ prod: { serial: 3, buildScript: "echo 'cc: fatal error' >&2; exit 7" } });
  const ran = await toy.tryBuild("prod");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("failed with exit code 7");
  expect(ran.stderr).toContain("cc: fatal error");
});

test("an activation ends with the chosen code, from the system or from the host", async () => {
  toy.setHosts({ stage: { serial: 1, exitCode: 4 } });
  const system = await toy.build("stage");
  await sendSystem("stage", system);
  expect((await activate("stage", system)).code).toBe(4);
  await setActivationExit(stage, 100);
  expect((await activate("stage", system)).code).toBe(100);
  await setActivationExit(stage, 0);
  expect((await activate("stage", system)).code).toBe(0);
});

test("a host that was switched off boots what its boot loader says", async () => {
  toy.setHosts({ stage: { serial: 2 } });
  const system = await toy.build("stage");
  await sendSystem("stage", system);
  expect((await activate("stage", system, "boot")).code).toBe(0);
  expect(await stage.currentSystem()).not.toBe(system);
  await stage.off();
  expect((await stage.ssh(["true"])).code).toBe(255);
  await stage.boot();
  expect(await stage.currentSystem()).toBe(system);
});

test("an unplugged host times out and comes back with the cable", async () => {
  await prod.link("down");
  const ran = await prod.ssh(["true"]);
  expect(ran.code).toBe(255);
  expect(ran.stderr).toMatch(/timed out|No route to host/);
  await prod.link("up");
  expect((await prod.ssh(["true"])).code).toBe(0);
});

test("a closed port refuses, an open one answers again", async () => {
  await closeSshPort(prod);
  expect((await prod.ssh(["true"])).stderr).toContain("Connection refused");
  await openSshPort(prod);
  expect((await prod.ssh(["true"])).code).toBe(0);
});

test("a changed, a forgotten and a trusted host key", async () => {
  await changeHostKey(prod);
  expect((await prod.ssh(["true"])).stderr).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
  forgetHostKey(prod);
  expect((await prod.ssh(["true"])).stderr).toContain("No ED25519 host key is known for prod");
  await trustHostKey(prod);
  expect((await prod.ssh(["true"])).code).toBe(0);
});

test("a host that accepts no key says so", async () => {
  await refuseKeys(prod);
  expect((await prod.ssh(["true"])).stderr).toContain("Permission denied (publickey)");
  await acceptKeys(prod);
  expect((await prod.ssh(["true"])).code).toBe(0);
});

test("a host without Nix can't receive a closure", async () => {
  toy.setHosts({ prod: { serial: 5 } });
  const system = await toy.build("prod");
  await hideNix(prod);
  await expect(sendSystem("prod", system)).rejects.toThrow("nix-store: command not found");
  await showNix(prod);
  await sendSystem("prod", system);
});

test("a dropped connection ends ssh, not what it started", async () => {
  const running = prod.ssh(["sleep 2; echo done > /root/finished"]);
  await prod.sh("until pgrep -x sleep; do sleep 0.02; done");
  await dropConnections(prod);
  expect((await running).code).toBe(255);
  await prod.sh("i=0; until [ -e /root/finished ]; do i=$((i+1)); [ $i -lt 200 ]; sleep 0.05; done");
});

test("a slow line takes its time", async () => {
  await prod.slow("2mbit");
  const slow = await runCommand(["sh", "-c", "head -c 1500000 /dev/zero | ssh prod 'cat >/dev/null'"]);
  await prod.fast();
  const fast = await runCommand(["sh", "-c", "head -c 1500000 /dev/zero | ssh prod 'cat >/dev/null'"]);
  expect([slow.code, fast.code]).toEqual([0, 0]);
  expect(slow.seconds).toBeGreaterThan(3);
  expect(fast.seconds).toBeLessThan(slow.seconds / 2);
});

test("a full disk refuses a closure, and takes it after a collection with room", async () => {
  toy.setHosts({ web: { serial: 9, payloadMb: 60 } });
  const system = await toy.build("web");
  await web.boot({ nixSize: "24m" });
  await expect(sendSystem("web", system)).rejects.toThrow("No space left on device");
  await web.boot();
  await sendSystem("web", system);
});

test("a restarted nix-daemon reads its settings again", async () => {
  await stage.sh("useradd --create-home --shell /bin/bash --password '*' ship");
  const ask = "runuser -u ship -- nix-store --query --requisites /run/current-system >/dev/null";
  await stage.sh("echo 'allowed-users = root' >> /etc/nix/nix.conf");
  await restartNixDaemon(stage);
  expect((await stage.exec(["sh", "-c", ask])).code).not.toBe(0);
  await stage.sh("sed -i '/^allowed-users/d' /etc/nix/nix.conf");
  await restartNixDaemon(stage);
  expect((await stage.exec(["sh", "-c", ask])).code).toBe(0);
});
