// What a NixOS host would answer to the probe, made without a host: for hosts by the hundred and for odd ones.

export interface ProbeAnswerOptions {
  /** What the server was sent; the mark is read from it. */
  readonly stdin: string;
  readonly generations: number;
  /** Unix seconds. */
  readonly clock?: number;
}

/** Every generation is told, even where the script would tell only the newest. */
export function probeAnswer({ stdin, generations, clock = 1_772_366_400 }: ProbeAnswerOptions): string {
  const mark = /^set -- (\S+)/.exec(stdin)?.[1] ?? "no-mark";
  const system = (number: number) =>
    `/nix/store/${String(number).padStart(32, "0")}-nixos-system-host-24.11.${number}`;
  const linux = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-linux-6.6.60/bzImage";
  const lines = [
    "hostname host",
    `clock ${clock}`,
    "user root",
    "uid 0",
    "system nixos",
    "os NixOS 24.11 (Vicuna)",
    "kernel 6.6.60",
    `current ${system(generations)}`,
    `booted ${system(generations)}`,
    `profile ${system(generations)}`,
    `profileLink system-${generations}-link`,
    `count ${generations}`,
    ...Array.from({ length: generations }, (_, index) => index + 1).map(
      number => `generation ${number}|${clock - number * 60}|${system(number)}|24.11.${number}|${linux}`,
    ),
    "version 24.11.1",
    "reboot no",
    "uptime 90000.00 1.00",
    "load 0.10 0.20 0.30 1/100 1",
    "cpus 2",
    "memMemTotal 2048000",
    "memMemAvailable 1024000",
    "memSwapTotal 0",
    "memSwapFree 0",
    "store /dev/vda 51200000 10240000 40960000 20% /nix",
    "units yes",
    "nix nix-store (Nix) 2.24.10",
    "setting:substituters https://cache.nixos.org/",
    "setting:trusted-public-keys cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
    "end ok",
  ];
  return `${lines.map(line => `${mark} ${line}`).join("\n")}\n`;
}
