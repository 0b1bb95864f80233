// Sizes, times and ages as people read them. Values come from hosts and may be absurd; nothing here fails on them.

import { t } from "../l10n";

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** "3.2 GB", in powers of 1024. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? "−" : "";
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${sign}${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** "2 min", "3 h", "12 d"; undefined for a negative age, which only a wrong clock makes. */
export function formatAge(seconds: number): string | undefined {
  if (!(seconds >= 0)) return undefined;
  if (seconds < 60) return t("<1 min");
  if (seconds < 3600) return t("{0} min", Math.floor(seconds / 60));
  if (seconds < 2 * 86_400) return t("{0} h", Math.floor(seconds / 3600));
  return t("{0} d", Math.floor(seconds / 86_400));
}

/** "2026-03-01 11:50" in local time; undefined for what is no time that a calendar has. */
export function formatTime(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return undefined;
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
