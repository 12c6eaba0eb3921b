#!/usr/bin/env bash
# Sets up what is missing: packages (npm ci), Redis, and for `setup.sh test` a browser.
# `setup.sh redis` installs only Redis. Leaves no service running. Works on Debian as root and on macOS with brew.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

check_tools() {
  has node || fail "Node.js is missing: install version 20 or newer (https://nodejs.org), then run this again."
  local major
  major="$(node -p 'process.versions.node.split(".")[0]')"
  [ "$major" -ge 20 ] || fail "Node.js $(node -v) is too old: install version 20 or newer (https://nodejs.org)."
  has npm || fail "npm is missing: it comes with Node.js (on Debian: apt-get install npm)."
  has git || fail "git is missing: install it (on Debian: apt-get install git; on macOS: xcode-select --install)."
}

# node_modules/.package-lock.json is what npm writes last.
install_packages() {
  if [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] && [ -x node_modules/.bin/node ]; then return; fi
  say "Installing packages (npm ci) ..."
  npm ci --no-audit --no-fund --loglevel=error >&2 || fail "npm ci failed: see above."
  [ -x node_modules/.bin/node ] || fail "npm did not install Node 24 (the package \"node\"): were install scripts turned off?"
  # Equal times count as up to date on file systems with whole seconds.
  touch node_modules/.package-lock.json
}

as_root() { [ "$(id -u)" = 0 ]; }

# Debian starts what it installs; this tells it not to, for as long as apt runs.
apt_install() {
  local policy=/usr/sbin/policy-rc.d ours=""
  export DEBIAN_FRONTEND=noninteractive
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && ours=yes
  fi
  local log status=0
  log="$(mktemp)"
  { apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; }; } >"$log" 2>&1 </dev/null || status=$?
  [ -z "$ours" ] || rm -f "$policy"
  [ "$status" = 0 ] || tail -n 15 "$log" >&2
  rm -f "$log"
  return "$status"
}

# name to tell people, apt package, brew package
install_system() {
  if has apt-get; then
    if as_root; then
      say "Installing $1: apt-get install -y --no-install-recommends $2"
      apt_install "$2" || return 1
    else
      say "$1 is missing. Install it: sudo apt-get install $2"
      return 1
    fi
  elif has brew; then
    say "Installing $1: brew install $3"
    brew install --quiet $3 >&2 || return 1
  else
    say "$1 is missing: install the package $2 with your system's package manager."
    return 1
  fi
}

need_redis() {
  if [ -n "${REDIS_URL:-}" ] || has redis-server || has valkey-server; then return; fi
  install_system "Redis" redis-server redis || fail "Cannot go on without Redis: install redis-server or valkey-server, or set REDIS_URL."
  # Newly installed, so nobody else relies on it: it must not start with the machine either.
  if has apt-get && has systemctl; then systemctl disable --now redis-server >/dev/null 2>&1 || true; fi
}

has_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable chrome microsoft-edge; do has "$name" && return; done
  [ -d "/Applications/Google Chrome.app" ] || [ -d "/Applications/Chromium.app" ]
}

# Without one, browser tests are skipped with a sentence (and fail under CI=true).
want_browser() {
  if has_browser; then return; fi
  if has apt-get && as_root; then
    install_system "a browser for the tests" chromium "--cask chromium" || say "No browser could be installed: browser tests will be skipped."
  else
    say "No Chrome or Chromium was found: browser tests will be skipped."
  fi
}

case "${1:-}" in
  redis) need_redis ;;
  "" | demo) check_tools; install_packages; need_redis ;;
  test) check_tools; install_packages; need_redis; want_browser ;;
  *) fail "Usage: scripts/setup.sh [demo|test|redis]" ;;
esac
