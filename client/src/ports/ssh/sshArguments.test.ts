import { expect, test } from "vitest";
import { readSshArguments } from "./sshArguments";

const read = (...words: string[]) => readSshArguments(words).map(({ key, value }) => `${key} ${value}`);

test.each([
  [["-p", "2222"], ["port 2222"]],
  [["-p2222"], ["port 2222"]],
  [
    ["-4p", "2222"],
    ["addressfamily inet", "port 2222"],
  ],
  [["-o", "Port=2222"], ["port 2222"]],
  [["-oport 2222"], ["port 2222"]],
  [["-p 2222"], ["port 2222"]],
  [
    ["-i", "~/.ssh/deploy", "-J", "ops@bastion:23"],
    ["identityfile ~/.ssh/deploy", "proxyjump ops@bastion:23"],
  ],
  [
    ["-A", "-e", "-p", "-p", "1", "-p", "2"],
    ["port 1", "port 2"],
  ],
  [
    ["-l", "ops", "-6"],
    ["user ops", "addressfamily inet6"],
  ],
])("%j is %j", (words, directives) => {
  expect(read(...words)).toEqual(directives);
});

test("what weakens a check or runs a command is not taken over", () => {
  const words = [
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "ProxyCommand=touch x",
    "LocalCommand=x",
  ];
  expect(read(...words.flatMap(word => ["-o", word]), "-F", "evil", "-I", "lib.so")).toEqual([]);
});

test("what is no argument of ssh is passed over", () => {
  expect(read("--", "-", "", "host", "-p", "", "-o", "=", "-o")).toEqual([]);
});
