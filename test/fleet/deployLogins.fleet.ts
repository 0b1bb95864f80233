// Deploying as somebody who is not root, and to hosts with systemd-run.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Fleet, type Host, startFleet } from "./fleet";
import { createOperator, type Operator } from "./operator";
import { settledSystem } from "./settledSystem";
import { copyToy, type ToyFlake, type ToyHost } from "./toyFlake";
import { addUser } from "./users";

let fleet: Fleet;
let toy: ToyFlake;
let operator: Operator;
let prod: Host;
let serial = 900;

function newSystem(knobs: Partial<ToyHost> = {}): void {
  serial += 1;
  toy.setHosts({ prod: { serial, payloadMb: 0, ...knobs } });
}

/** Deploys as another login, by the same address. */
async function deployAs(user: string) {
  const other = await createOperator(toy.folder, [{ name: "prod", hostname: "prod.test", sshUser: user }]);
  const notes: string[] = [];
  const [result] = await other.run("deploy", ["prod"], {
    onEvent: event => event.kind === "note" && notes.push(event.text),
  });
  const entry = (await other.app.state.ledger.load()).entries[0];
  other.remove();
  return { result, notes: notes.join("\n"), entry };
}

beforeAll(async () => {
  fleet = await startFleet("prod");
  prod = fleet.host("prod");
  toy = await copyToy();
  operator = await createOperator(toy.folder, ["prod"]);
  newSystem();
  expect(await operator.run("deploy", ["prod"])).toMatchObject([{ outcome: "landed" }]);
  await addUser(prod, "ship", { sudo: "nothing", trusted: true });
  await addUser(prod, "stranger", { sudo: "nothing" });
  await addUser(prod, "typist", { sudo: "password", trusted: true });
});

beforeEach(() => newSystem());

afterAll(async () => {
  operator?.remove();
  toy?.remove();
  await fleet?.stop();
});

test("a trusted user whose sudo asks nothing deploys like root", async () => {
  const { result } = await deployAs("ship");
  expect(result).toMatchObject({ outcome: "landed", clean: true });
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
});

test("a user whom the host's Nix does not trust can send nothing: failed, told why, as before", async () => {
  const before = await settledSystem(prod);
  const { result, notes, entry } = await deployAs("stranger");
  expect(result).toMatchObject({ outcome: "failed", clean: false });
  expect(result?.why).toContain("lacks a signature by a trusted key");
  expect(notes).toContain("Make the user a trusted user of its Nix");
  expect(entry).toMatchObject({ outcome: "failed", previousSystem: before, newSystem: before });
  expect(await settledSystem(prod)).toBe(before);
});

test("a user whose sudo wants a password can send and not switch: failed, told why, as before", async () => {
  const before = await settledSystem(prod);
  const { result, notes, entry } = await deployAs("typist");
  expect(result).toMatchObject({ outcome: "failed", clean: false });
  expect(notes).toContain("sudo on the host wants a password");
  expect(entry).toMatchObject({ outcome: "failed", newSystem: before });
  expect(await settledSystem(prod)).toBe(before);
});

test("a host with systemd-run does the work in a unit of its own", async () => {
  // as systemd-run starts a service: nothing of the caller's environment, session or terminal
  await prod.sh(`
    mkdir -p /run/systemd/system
    cat > /usr/local/bin/systemd-run <<'END'
#!/bin/sh
set --  "$@" --end--
env=
while [ $# -gt 0 ]; do
  case $1 in
    --unit=*) unit=\${1#--unit=} ;;
    --setenv=*) env="$env
\${1#--setenv=}" ;;
    --*) ;;
    *) break ;;
  esac
  shift
done
words=
while [ "$1" != --end-- ]; do words="$words '$1'"; shift; done
echo "$unit" >> /run/units
path=$(printf '%s\\n' "$env" | sed -n 's/^PATH=//p')
cd / && setsid env -i PATH="$path" sh -c "$words" </dev/null >>/run/units.log 2>&1 &
END
    chmod +x /usr/local/bin/systemd-run; ln -sf /usr/local/bin/systemd-run /usr/bin/systemd-run`);
  const [result] = await operator.run("deploy", ["prod"]);
  const units = await prod.sh("cat /run/units");
  await prod.sh("rm -rf /run/systemd /usr/bin/systemd-run /usr/local/bin/systemd-run /run/units");
  expect(result).toMatchObject({ outcome: "landed", clean: true });
  expect(units.trim()).toMatch(/^nix-deploy-[0-9a-f-]{36}$/);
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
});
