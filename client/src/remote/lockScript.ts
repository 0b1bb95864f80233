// The courtesy lock as it is on the host: a folder in /run, which only root writes and which a restart empties. Making the folder
// is the one atomic step; who holds it and why stands in a file inside.

/** "$1" look, take, break or release; "$2" our token; "$3" owner; "$4" reason; "$5" for break: the token of the lock to be broken. */
export const LOCK = String.raw`
dir=/run/nix-deploy.lock
verb=$1 token=$2 owner=$3 reason=$4 stale=$5
holder() { sed -n 1p "$dir/info" 2>/dev/null; }
away() {
  # whoever renames it has it; nobody removes the lock of somebody who came in between
  mv -T "$dir" "$dir.$token" 2>/dev/null || return 1
  if [ "$(sed -n 1p "$dir.$token/info" 2>/dev/null)" != "$1" ]; then
    # a third has locked meanwhile: one lock stays, and is never put into the other
    mv -T "$dir.$token" "$dir" 2>/dev/null || rm -rf "$dir.$token"
    return 1
  fi
  rm -rf "$dir.$token"
}
case $verb in
  release)
    if [ "$(holder)" = "$token" ] && away "$token"; then tell released yes; else tell released no; fi
    return ;;
  look)
    if [ ! -d "$dir" ]; then tell free yes; return; fi ;;
  break)
    if [ "$(holder)" = "$stale" ]; then away "$stale"; fi ;;
esac
if [ "$verb" != look ]; then
  if mkdir -m 755 "$dir" 2>/dev/null; then
    if printf '%s\n' "$token" "$(date +%s)" "$owner" "$reason" >"$dir/info"; then tell taken yes
    else rmdir "$dir"; tell error "the lock can't be written"; fi
    return
  fi
  if [ ! -d "$dir" ]; then tell error "$(mkdir "$dir" 2>&1)"; return; fi
fi
tries=0
while [ -z "$(sed -n 4p "$dir/info" 2>/dev/null)" ] && [ "$tries" -lt 5 ]; do tries=$((tries + 1)); sleep 0.2; done
since=$(sed -n 2p "$dir/info" 2>/dev/null)
tell token "$(holder)"
tell age "$(( $(date +%s) - ${"$"}{since:-0} ))"
tell owner "$(sed -n 3p "$dir/info" 2>/dev/null)"
tell reason "$(sed -n 4p "$dir/info" 2>/dev/null)"
`;
