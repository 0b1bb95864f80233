import { expect, test } from "vitest";
import { factsOf, NOW } from "../../../test/harness/observations";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import type { Server, ServerState } from "../ports/server";
import { ObservedStore } from "./observedStore";
import { ServerFacts } from "./serverFacts";

function world() {
  const states = new Emitter<ServerState>();
  const sent: unknown[] = [];
  const timers: (() => void)[] = [];
  let state: ServerState = { kind: "running" };
  const server: Server = {
    get state() {
      return state;
    },
    onDidChangeState: states.event,
    onNotification: () => new Emitter<unknown>().event,
    request: () => Promise.reject(new Error("not in this test")),
    notify: (method, params) => void sent.push([method, params]),
    start: async () => undefined,
    restart: async () => undefined,
  };
  const observed = new ObservedStore();
  const clock = {
    ...systemClock,
    after(_ms: number, run: () => void) {
      timers.push(run);
      return { dispose: () => undefined };
    },
  };
  const facts = new ServerFacts(server, observed, clock);
  const rest = () => {
    for (const run of timers.splice(0)) run();
  };
  const become = (kind: "running" | "starting") => {
    state = { kind };
    states.fire(state);
  };
  return { facts, observed, sent, rest, become };
}

const settings = {
  substituters: ["https://a"],
  trustedPublicKeys: ["a-1:x"],
  trustedUsers: ["root"],
  secretKeyFiles: [],
  requireSigs: true,
  fallback: undefined,
};
const told = { at: NOW, facts: factsOf({ settings, nixVersion: "2.24.10" }), caches: undefined };
const web = {
  host: "web",
  tier: "observed",
  nixVersion: "2.24.10",
  settings: {
    substituters: ["https://a"],
    "trusted-public-keys": ["a-1:x"],
    "trusted-users": ["root"],
    "secret-key-files": [],
    "require-sigs": "true",
  },
};

test("what hosts said is sent once, after a rest, and again only when it changed", () => {
  const { observed, sent, rest } = world();
  observed.setFacts("web", told);
  observed.set("mail", { at: NOW, answer: { kind: "failed", why: "no answer" } });
  expect(sent).toEqual([]);
  rest();
  expect(sent).toEqual([["nixDeploy/setFacts", { hosts: [web] }]]);
  observed.setFacts("web", { ...told, at: NOW + 1 });
  rest();
  expect(sent).toHaveLength(1);
});

test("a server that comes back is told everything again, with what real Nix said", () => {
  const { facts, observed, sent, rest, become } = world();
  facts.setEvaluated({ host: "web", nixVersion: "2.8.0" });
  observed.setFacts("web", told);
  rest();
  become("starting");
  rest();
  become("running");
  rest();
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[0]).toEqual([
    "nixDeploy/setFacts",
    { hosts: [{ host: "web", tier: "evaluated", nixVersion: "2.8.0" }, web] },
  ]);
});

test("what views say of hosts is sent with what they said, and of those too that said nothing", () => {
  const { facts, observed, sent, rest } = world();
  observed.setFacts("web", told);
  const behind = { text: "3 behind", detail: "It runs an older commit." };
  const down = { text: "no answer", detail: "" };
  let readings = 0;
  const read = () => {
    readings++;
    return new Map([
      ["web", behind],
      ["mail", down],
    ]);
  };
  facts.setStates(read);
  facts.setStates(read);
  rest();
  expect(sent).toEqual([
    [
      "nixDeploy/setFacts",
      {
        hosts: [
          { ...web, state: behind },
          { host: "mail", tier: "observed", state: down },
        ],
      },
    ],
  ]);
  expect(readings).toBe(1);
});
