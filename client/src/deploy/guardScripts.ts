// The fixed scripts by which a system is activated on a host. The work is done by a process of its own that outlives the
// connection: it sets the profile, switches, waits for a confirmation if it is guarded, and goes back where none comes.

/**
 * What it does is told by files in /run/nix-deploy/TOKEN. `log`: what the commands print. `code`: how the switch ended.
 * `generation`: the one before. `waiting`: the switch is done, a confirmation is awaited. `decided`: a symbolic link to keep,
 * revert or timeout, made once by whoever comes first. `end`: kept, reverted, revert-failed, restored, set-failed, busy or
 * untouched.
 */
const RUNNER = String.raw`main() {
  run=$1 mode=$2 system=$3 seconds=$4
  profile=/nix/var/nix/profiles/system
  cd /
  exec </dev/null >>"$run/log" 2>&1
  trap '' HUP
  echo $$ >"$run/pid"
  # what an activation writes is for everybody to read, as when systemd starts it; the folder of this run stays closed
  umask 022
  if command -v flock >/dev/null; then
    # one activation at a time, ours or another tool's: the second is refused before it changes anything
    exec 9>/run/nix-deploy/lock
    flock -n 9 || { finish busy -; return; }
    theirs=/run/nixos/switch-to-configuration.lock
    if [ -e "$theirs" ] && ! flock -n "$theirs" true; then finish busy -; return; fi
  fi
  link=$(readlink "$profile")
  generation=$(printf '%s\n' "$link" | sed -n 's/^.*-\([0-9][0-9]*\)-link$/\1/p')
  before=$(readlink -f /run/current-system)
  echo "$generation" >"$run/generation"
  code=0
  if [ "$mode" = watch ]; then watch; return; fi
  case $mode in
    rollback) nix-env -p "$profile" --rollback || code=$? ;;
    generation*) nix-env -p "$profile" --switch-generation "$system" || code=$? ;;
    *) nix-env -p "$profile" --set "$system" || code=$? ;;
  esac
  if [ "$code" != 0 ]; then finish set-failed "$code"; return; fi
  wanted=$(readlink -f "$profile")
  verb=switch
  case $mode in *boot) verb=boot ;; esac
  "$wanted/bin/switch-to-configuration" "$verb" 9>&- || code=$?
  if [ "$(readlink "$run/decided")" = revert ]; then undo reverted; return; fi
  case $mode:$code in
    *boot:0) finish kept 0 ;;
    *boot:*) undo restored ;;
    *:0|*:4) if [ "$seconds" = 0 ]; then finish kept "$code"; else await; fi ;;
    *) if [ "$seconds" != 0 ]; then undo reverted
       elif [ "$(readlink -f /run/current-system)" = "$before" ] && [ "$before" != "$wanted" ]; then undo restored
       else finish kept "$code"; fi ;;
  esac
}
await() {
  echo "$code" >"$run/code"
  : >"$run/waiting"
  ticks=0
  while [ ! -L "$run/decided" ] && [ "$ticks" -lt $((seconds * 20)) ]; do sleep 0.05; ticks=$((ticks + 1)); done
  ln -s timeout "$run/decided" 2>/dev/null
  if [ "$(readlink "$run/decided")" = keep ]; then finish kept "$code"; else undo reverted; fi
}
# a tool switches, and has no guard of its own: once its system runs, a confirmation is awaited
watch() {
  echo - >"$run/code"
  : >"$run/waiting"
  runs=0
  left=7200
  while [ ! -L "$run/decided" ] && [ "$runs" -lt $((seconds * 2)) ] && [ "$left" -gt 0 ]; do
    if switched && ! switching; then runs=$((runs + 1)); else runs=0; fi
    left=$((left - 1))
    sleep 0.5
  done
  ln -s timeout "$run/decided" 2>/dev/null
  if [ "$(readlink "$run/decided")" = keep ]; then finish kept 0; return; fi
  left=1200
  while switching && [ "$left" -gt 0 ]; do left=$((left - 1)); sleep 0.5; done
  if switched; then undo reverted
  elif [ "$(readlink "$profile")" != "$link" ]; then undo restored
  else finish untouched 0; fi
}
switched() { [ "$(readlink -f /run/current-system)" = "$system" ] && [ "$before" != "$system" ]; }
switching() {
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -q '/bin/[s]witch-to-configuration \(switch\|boot\|test\)'
}
# back to the generation before; a system that did not become active needs its boot loader entry back only, and where another
# system ran than the generation, that one runs again
undo() {
  failed=0
  if [ -n "$generation" ]; then
    nix-env -p "$profile" --switch-generation "$generation" || failed=1
    inside=$(readlink -f "$profile/nixos-version")
    verb=switch
    if [ "$(readlink -f /run/current-system)" = "$before" ]; then verb=boot
    elif [ "$before" != "${"$"}{inside%/nixos-version}" ] && [ -x "$before/bin/switch-to-configuration" ]; then
      "$profile/bin/switch-to-configuration" boot 9>&- || failed=1
      verb=test
    fi
    case $verb in test) "$before/bin/switch-to-configuration" test 9>&- ;; *) "$profile/bin/switch-to-configuration" "$verb" 9>&- ;; esac
    case $?:$verb in 0:*|4:switch|4:test) ;; *) failed=1 ;; esac
  else
    echo "there is no generation to go back to"
    failed=1
  fi
  if [ "$failed" = 0 ]; then finish "$1" "$code"; else finish revert-failed "$code"; fi
}
finish() {
  echo "$2" >"$run/code"
  echo "$1" >"$run/end.new"
  mv "$run/end.new" "$run/end"
}
main "$@"
`;

/** "$1" token, "$2" from which line of the log, "$3" `keep`, `revert` or `-`, "$4" what to wait for: `end` or `waiting`. */
const FOLLOW_BODY = `
follow() {
  run=/run/nix-deploy/$1 from=$2 decision=$3 until=$4
  if [ ! -d "$run" ]; then
    # a start that is still on its way must find the place taken
    if [ "$decision" = revert ]; then mkdir -p /run/nix-deploy "$run"; echo - >"$run/code"; : >"$run/log"; echo absent >"$run/end"; fi
    echo "@nix-deploy absent - -"
    return
  fi
  if [ "$decision" != - ]; then ln -s "$decision" "$run/decided" 2>/dev/null; fi
  ticks=0
  while :; do
    ready=no
    if [ -e "$run/end" ] || { [ "$until" = waiting ] && [ -e "$run/waiting" ]; }; then ready=yes; fi
    total=$(wc -l <"$run/log")
    if [ "$total" -ge "$from" ]; then sed -n "$from,$total{p;}" "$run/log"; from=$((total + 1)); fi
    if [ "$ready" = yes ]; then break; fi
    if [ -e "$run/pid" ]; then kill -0 "$(cat "$run/pid")" 2>/dev/null || [ -e "$run/end" ] || { echo "@nix-deploy dead - -"; return; }
    elif [ "$ticks" -gt 300 ]; then echo "@nix-deploy dead - -"; return; fi
    ticks=$((ticks + 1))
    sleep 0.05
  done
  state=waiting
  if [ -e "$run/end" ]; then state=$(cat "$run/end"); fi
  why=$(readlink "$run/decided")
  echo "@nix-deploy $state $(cat "$run/code") \${why:--}"
}
`;

/** Follows an activation that was started before; run as root. */
export const FOLLOW = `${FOLLOW_BODY}follow "$@"\n`;

/** Starts an activation and follows it. "$1" token, "$2" mode, "$3" system or generation, "$4" seconds of the guard. */
export const START = `${FOLLOW_BODY}
start() {
  umask 077
  mkdir -p /run/nix-deploy || return 1
  find /run/nix-deploy -mindepth 2 -maxdepth 2 -name end -mmin +60 | while read -r old; do rm -rf "$(dirname "$old")"; done
  run=/run/nix-deploy/$1
  mkdir "$run" || return 1
  : >"$run/log"
  cat >"$run/runner" <<'NIX_DEPLOY_RUNNER'
${RUNNER}NIX_DEPLOY_RUNNER
  if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
    systemd-run --quiet --collect --no-ask-password --service-type=exec --unit="nix-deploy-$1" \\
      --setenv=PATH="$PATH" --setenv=LOCALE_ARCHIVE="\${LOCALE_ARCHIVE-}" \\
      /bin/sh "$run/runner" "$run" "$2" "$3" "$4" </dev/null || return 1
  elif command -v setsid >/dev/null; then
    setsid /bin/sh "$run/runner" "$run" "$2" "$3" "$4" </dev/null >/dev/null 2>&1 &
  else
    nohup /bin/sh "$run/runner" "$run" "$2" "$3" "$4" </dev/null >/dev/null 2>&1 &
  fi
  follow "$1" 1 - waiting
}
start "$@"
`;
