import { expect, test } from "vitest";
import { atticServer, checkedAtticCache, parseAtticCacheInfo } from "./attic";

const KEY = `own:${Buffer.alloc(32, 7).toString("base64")}`;
const info = (url: string, key: string) => `      Public: false
  Public Key: ${key}
Binary Cache Endpoint: ${url}
  API Endpoint: https://attic.test/
`;

test("address and key of a cache are taken only if they are an address and a key", () => {
  expect(parseAtticCacheInfo(info("https://attic.test/own", KEY))).toEqual({
    url: "https://attic.test/own",
    publicKey: KEY,
  });
  const secret = `own:${Buffer.alloc(64, 7).toString("base64")}`;
  for (const [url, key] of [
    ["https://attic.test/own", secret],
    ["https://attic.test/own", "own"],
    ["ssh://-oProxyCommand=x", KEY],
    ["file:///etc", KEY],
    ["own", KEY],
  ] as const)
    expect(parseAtticCacheInfo(info(url, key)), `${url} ${key}`).toBeUndefined();
  expect(parseAtticCacheInfo("error: no such cache")).toBeUndefined();
});

test("names and addresses that could be something else are refused", () => {
  expect(checkedAtticCache("own:fleet")).toBe("own:fleet");
  for (const name of ["", "-f", "a:b:c", "a b"]) expect(() => checkedAtticCache(name)).toThrow("Attic cache");
  expect(atticServer("own", "https://attic.test", "t").endpoint).toBe("https://attic.test/");
  expect(() => atticServer("own", "file:///x", "t")).toThrow("no http or https address");
  expect(() => atticServer("own", "https://attic.test", "a\nb")).toThrow("token");
});
