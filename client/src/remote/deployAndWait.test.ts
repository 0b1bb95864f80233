import { expect, test } from "vitest";
import type { App } from "../app";
import { systemClock } from "../ports/clock";
import { RunningDeployments } from "../state/runningDeployments";
import { deployAndWait } from "./deployAndWait";

function world(run: (deployments: RunningDeployments) => Promise<void>) {
  const deployments = new RunningDeployments();
  const asked: unknown[] = [];
  const commands: Pick<App["commands"], "execute"> = {
    async execute(id, ...raw) {
      asked.push([id, ...raw]);
      await run(deployments);
    },
  };
  // the function reads no more of the app than these
  const app = { commands, state: { deployments }, ports: { clock: systemClock } } as unknown as Pick<
    App,
    "commands" | "state" | "ports"
  >;
  return { app, asked, deployments };
}

const claim = (deployments: RunningDeployments, host: string) =>
  deployments.claim({ host, action: "deploy", tool: "direct", startedAt: 0 });

test("it waits for a deployment that goes on after its command has ended", async () => {
  let ended = false;
  const w = world(async deployments => {
    const held = claim(deployments, "stage");
    setTimeout(() => {
      ended = true;
      held?.end();
    }, 900);
  });
  await deployAndWait(w.app, ["stage"], new AbortController().signal);
  expect(ended).toBe(true);
  expect(w.asked).toEqual([["nixDeploy.deploy", { hosts: ["stage"] }]]);
});

test("a user who declines is not waited for, and a cancel ends the wait", async () => {
  const declined = world(async () => undefined);
  const started = performance.now();
  await deployAndWait(declined.app, ["stage"], new AbortController().signal);
  expect(performance.now() - started).toBeLessThan(5000);
  const abort = new AbortController();
  const endless = world(async deployments => void claim(deployments, "stage"));
  setTimeout(() => abort.abort(), 400);
  await deployAndWait(endless.app, ["stage"], abort.signal);
  expect(endless.deployments.get("stage")).toBeDefined();
});
