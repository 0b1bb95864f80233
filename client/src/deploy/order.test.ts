import fc from "fast-check";
import { expect, test } from "vitest";
import { hostOf } from "../../../test/harness/snapshots";
import { levelsOf, wavesOf } from "./order";

const host = (name: string, ...substituters: string[]) =>
  hostOf({ name, hostname: `${name}.test`, substituters });

test("who feeds others goes first, whatever the store's protocol", () => {
  const hosts = [
    host("web", "ssh://nix-ssh@stage.test?trusted=true", "https://cache.nixos.org"),
    host("db", "http://cache:5000"),
    host("stage"),
    host("cache", "ssh-ng://stage.test"),
  ];
  expect(levelsOf(hosts)).toEqual([["stage"], ["web", "cache"], ["db"]]);
});

test("hosts that feed each other go together; a host does not wait for itself", () => {
  const hosts = [
    host("a", "ssh://b.test", "ssh://a.test"),
    host("b", "ssh://a.test"),
    host("c", "ssh://c.test"),
  ];
  expect(levelsOf(hosts)).toEqual([["c"], ["a", "b"]]);
});

test("canaries first, then batches; levels are kept", () => {
  const hosts = ["a", "b", "c", "d", "e"].map(name => host(name));
  expect(wavesOf(hosts, { canaries: 1, batchSize: 2 })).toEqual([["a"], ["b", "c"], ["d", "e"]]);
  expect(wavesOf(hosts, { canaries: 0, batchSize: 0 })).toEqual([["a", "b", "c", "d", "e"]]);
  expect(wavesOf([host("x", "ssh://y.test"), host("y")], { canaries: 3, batchSize: 0 })).toEqual([
    ["y"],
    ["x"],
  ]);
});

test("every host is in exactly one wave", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
  const edges = fc.array(fc.tuple(fc.nat(5), fc.nat(5)));
  fc.assert(
    fc.property(names, edges, fc.nat(4), fc.nat(4), (list, pairs, canaries, batchSize) => {
      const hosts = list.map((name, index) =>
        host(
          name,
          ...pairs.filter(([to]) => to === index).map(([, from]) => `ssh://${list[from] ?? "x"}.test`),
        ),
      );
      const waves = wavesOf(hosts, { canaries, batchSize });
      expect(waves.flat().sort()).toEqual([...list].sort());
      expect(waves.every(wave => wave.length > 0)).toBe(true);
    }),
  );
});
