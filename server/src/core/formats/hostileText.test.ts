// Configurations and hosts are not trusted: no parser may blow up on long or nested text. A parser whose time grows with
// the square of these lengths would run into the time limit of the test.
import { describe, expect, it } from "vitest";
import { parseCacheKey, parseCacheSecretKey } from "./cacheKey";
import { parseKnownHosts } from "./knownHosts";
import { findLeakedSecrets } from "./leakedSecret";
import { parseNarInfo } from "./narInfo";
import { parseNixCacheInfo } from "./nixCacheInfo";
import { parseNixConf } from "./nixConf";
import { findPrivateKey, parseSshPublicKey } from "./sshPublicKey";
import { parseStorePath } from "./storePath";
import { parseStoreUrl } from "./storeUrl";

const PARSERS = {
  parseCacheKey,
  parseCacheSecretKey,
  parseSshPublicKey,
  findPrivateKey,
  parseStoreUrl,
  parseNixConf,
  parseKnownHosts,
  parseNarInfo,
  parseNixCacheInfo,
  parseStorePath,
  findLeakedSecrets,
};

const PIECES = [
  "a",
  "a,",
  "a ",
  "a.",
  "a-",
  "a:",
  "a=",
  "=",
  " ",
  "\t",
  ")",
  "(",
  "[",
  '"',
  "'",
  "/",
  "@",
  "?",
  "&",
  "%",
  "#",
  "\\",
  "sk-",
  "id_",
  "ab:",
  "AAAA",
  "ssh-rsa AAAA ",
  "https:// ",
  "https://a,",
  "a = b\n  c\n",
  "x \n ",
  "=a ",
  "a\n",
  "|1|",
  "-----BEGIN ",
  "Sig: a\n",
  "1",
  ".",
  "ssh-",
  "ecdsa-sha2-nistp1",
  "\uFFFC",
  "\r",
  "\u2028",
];

/** What stands before a value, so that the long text is read as one. */
const FIELDS = ["", "Priority:", "StoreDir: ", "References: ", "Sig: ", "ssh-rsa ", "a = "];

describe.each(Object.entries(PARSERS))("%s", (_name, parse) => {
  it("comes to an end on long hostile text", () => {
    for (const piece of PIECES) {
      const long = piece.repeat(Math.ceil(100_000 / piece.length));
      for (const text of [long, `x${long}y`, `${long}!`, `"${long}"`])
        expect(() => parse(text)).not.toThrow();
    }
  });

  it("comes to an end on a long run of blanks in a value", () => {
    for (const field of FIELDS)
      for (const blank of [" ", "\t", "\r", "\u2028"])
        for (const end of ["", "x", "\rx", "\u2028", "\n"])
          expect(() => parse(`${field}${blank.repeat(60_000)}${end}`)).not.toThrow();
  });
});
