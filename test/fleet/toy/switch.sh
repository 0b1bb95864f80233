#!/bin/sh
# Toy switch-to-configuration: real actions, real messages, a chosen exit code (/etc/toy-exit on the host wins).
out=@out@
exit_code=@exit@
[ -f /etc/toy-exit ] && exit_code=$(cat /etc/toy-exit)
log() { echo "$*" >&2; }
case "${1:-}" in
  switch|boot|test|dry-activate) action=$1 ;;
  *) cat >&2 <<USAGE
Usage: $0 [switch|boot|test|dry-activate]

switch:       make the configuration the boot default and activate it
boot:         make the configuration the boot default
test:         activate the configuration, but don't make it the boot default
dry-activate: show what would be done if this configuration were activated
USAGE
    exit 1 ;;
esac
[ -e /etc/NIXOS ] || { log "This is not a NixOS installation!"; exit 1; }
mkdir -p /run/nixos /var/lib/toy /boot/loader
exec 9>/run/nixos/switch-to-configuration.lock
flock -n 9 || { log "Could not acquire lock"; exit 1; }
echo "$(date +%s) $action $out" >> /var/lib/toy/log
if [ "$action" = switch ] || [ "$action" = boot ]; then
  log "updating GRUB 2 menu..."
  # what the real boot loader installer does: its default is what the system profile points at
  readlink -f /nix/var/nix/profiles/system > /boot/loader/default 2>/dev/null || echo "$out" > /boot/loader/default
  [ "$action" = boot ] && exit 0
fi
if [ "$action" = dry-activate ]; then
  log "would stop the following units: toy.service"
  log "would activate the configuration..."
  log "would start the following units: toy.service"
  exit 0
fi
log "stopping the following units: toy.service"
log "activating the configuration..."
sleep @seconds@
mkdir -p /run; ln -sfn "$out" /run/current-system
log "setting up /etc..."
log "reloading user units for root..."
log "starting the following units: toy.service"
if [ "$exit_code" != 0 ]; then
  log "warning: the following units failed: toy.service"
  log ""
  log "× toy.service - Toy"
  log "     Active: failed (Result: exit-code)"
fi
exit "$exit_code"
