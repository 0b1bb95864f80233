import { expect, test } from "vitest";
import { fleetStoreOf } from "../../../test/harness/fleetStore";
import { noSsh } from "../../../test/harness/noSsh";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { SILENT_LOG } from "../ports/log";
import { failed } from "../ports/ssh/outcome";
import { ObservedStore } from "../state/observedStore";
import { RunningDeployments } from "../state/runningDeployments";
import { AskingUnasked } from "./askingUnasked";
import { Probing } from "./probing";

async function world() {
  const { store, change } = await fleetStoreOf(fleetOf([hostOf({ name: "web" })]));
  const asked: string[] = [];
  const timers: { ms: number; run: () => void; ended: boolean }[] = [];
  const shown = new Emitter<boolean>();
  const trust = new Emitter<void>();
  const configured = new Emitter<void>();
  const settings: Record<string, unknown> = {};
  const clock = {
    ...systemClock,
    time: 0,
    now: () => clock.time,
    after(ms: number, run: () => void) {
      const timer = { ms, run, ended: false };
      timers.push(timer);
      return {
        dispose() {
          timer.ended = true;
        },
      };
    },
  };
  const view = {
    visible: false,
    onDidChangeVisibility: shown.event,
    busyWhile: (work: Promise<void>) => work,
  };
  const workspace = { trusted: true, folders: [], onDidChange: trust.event, setContext: () => undefined };
  const app = {
    log: SILENT_LOG,
    workspace,
    config: { read: () => parseConfig(key => settings[key]), onDidChange: configured.event },
    ports: {
      clock,
      ssh: {
        ...noSsh,
        run: async (target: { host: string }) => {
          asked.push(target.host);
          return failed("timeout", "no answer");
        },
      },
    },
    state: { fleet: store, observed: new ObservedStore(), deployments: new RunningDeployments() },
  };
  const probing = new Probing(app);
  const asking = new AskingUnasked(app, probing, view);
  const show = (visible: boolean) => {
    view.visible = visible;
    shown.fire(visible);
  };
  return { app, asked, timers, show, trust, configured, settings, clock, change, asking, workspace };
}

const settle = () => new Promise(resolve => setTimeout(resolve, 0));
const names = (...hosts: string[]) => fleetOf(hosts.map(name => hostOf({ name })));

test("nobody is asked before somebody looks, and not before the workspace is trusted", async () => {
  const { asked, show, change, workspace, trust } = await world();
  workspace.trusted = false;
  await change(names("web", "mail"));
  show(true);
  await settle();
  expect(asked).toEqual([]);
  workspace.trusted = true;
  trust.fire();
  await settle();
  expect(asked).toEqual(["web", "mail"]);
});

test("an edit of the configuration asks only hosts that are new", async () => {
  const { asked, show, change, clock } = await world();
  show(true);
  await settle();
  clock.time += 3_600_000;
  await change(names("web", "mail"));
  await settle();
  expect(asked).toEqual(["web", "mail"]);
});

test("the interval is off unless set, and follows the setting", async () => {
  const { asked, timers, settings, configured, clock, asking } = await world();
  expect(timers).toEqual([]);
  settings["hosts.refreshMinutes"] = 5;
  configured.fire();
  expect(timers.map(({ ms }) => ms)).toEqual([300_000]);
  clock.time += 300_000;
  timers[0]?.run();
  await settle();
  expect(asked).toEqual(["web"]);
  expect(timers).toHaveLength(2);
  asking.dispose();
  expect(timers[1]?.ended).toBe(true);
});

test("after a deployment its host is asked", async () => {
  const { app, asked } = await world();
  const claim = app.state.deployments.claim({ host: "web", action: "deploy", tool: "direct", startedAt: 0 });
  claim?.enter("build", 0);
  await settle();
  expect(asked).toEqual([]);
  claim?.end();
  await settle();
  expect(asked).toEqual(["web"]);
});
