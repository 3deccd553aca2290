# Sourced by the other tools: makes sure that Swift and the headers of libarchive, zlib and libcrypto are there.

require_swift() {
  if ! command -v swift >/dev/null 2>&1; then
    echo "$1: Swift is not installed or not on the PATH; version 6.1 or newer is needed: https://www.swift.org/install" >&2
    exit 69
  fi
}

# Compiles nothing but the headers, so that it finds them wherever the compiler looks. On macOS CryptoKit is there instead of
# libcrypto.
has_headers() {
  local headers='#include <archive.h>\n#include <zlib.h>\n' libraries="libarchive zlib"
  if [ "$(uname)" != Darwin ]; then headers+='#include <openssl/evp.h>\n' libraries+=" libcrypto"; fi
  printf "$headers" | clang $(pkg-config --cflags $libraries 2>/dev/null) -fsyntax-only -x c - >/dev/null 2>&1
}

require_headers() {
  has_headers && return 0
  if [ "$(uname)" = Darwin ]; then
    echo "$1: the headers of libarchive are missing; install them with: brew install libarchive pkg-config" >&2
    exit 69
  fi
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "$1: the headers of libarchive, zlib and OpenSSL's libcrypto are missing; install your system's development packages for them" >&2
    exit 69
  fi
  local root=""
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
      echo "$1: the headers of libarchive, zlib or libcrypto are missing, and installing them needs root; run:" >&2
      echo "  sudo apt-get install libarchive-dev zlib1g-dev libssl-dev" >&2
      exit 69
    fi
    root="sudo -n"
  fi
  echo "$1: installing libarchive-dev, zlib1g-dev and libssl-dev" >&2
  export DEBIAN_FRONTEND=noninteractive
  { $root apt-get install -y libarchive-dev zlib1g-dev libssl-dev \
    || { $root apt-get update && $root apt-get install -y libarchive-dev zlib1g-dev libssl-dev; }; } >/dev/null 2>&1
  if ! has_headers; then
    echo "$1: installing them failed; run by hand: apt-get update && apt-get install libarchive-dev zlib1g-dev libssl-dev" >&2
    exit 69
  fi
}
