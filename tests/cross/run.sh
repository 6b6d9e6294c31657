#!/usr/bin/env bash
# chain/ alone on other processors: cross-built for arm64, its tests run by qemu; and built for the oldest
# x86-64 there is, its tests run on the portable path.
#
#   tests/cross/run.sh [--cache FOLDER] [arm64] [baseline]     default: both
#
# Needs the packages g++-aarch64-linux-gnu and qemu-user.  The arm64 libraries that chain/ and its tests link
# (libcrypto, Boost.Test) are fetched into the cache (default build-cross/); the machine's package
# architectures stay as they are.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
cache=$tree/build-cross parts=()
while [ $# -gt 0 ]; do
  case $1 in
  --cache) cache=$(realpath -m "$2"); shift ;;
  arm64 | baseline) parts+=("$1") ;;
  *) sed -n '2,9p' "$0"; exit 2 ;;
  esac
  shift
done
[ ${#parts[@]} -gt 0 ] || parts=(arm64 baseline)
mkdir -p "$cache"

# The mirror from which this machine takes Debian's packages.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1
}

fetch_arm64_libraries() {
  local work=$cache/packages
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  : >"$work/status"
  cat >"$work/debian.sources" <<END
Types: deb
URIs: $(debian_mirror)
Suites: bookworm bookworm-updates
Components: main
Architectures: arm64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  local options=(-qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64
    -o "Dir::Etc::sourcelist=$work/debian.sources" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status"
    -o "Dir::Cache=$work/archives" -o APT::Sandbox::User=root)
  cd "$work"
  apt-get "${options[@]}" update
  apt-get "${options[@]}" download libssl3 libssl-dev libboost-test1.74.0 libboost-test1.74-dev librapidcheck-dev
  for package in *.deb; do
    dpkg -x "$package" "$cache/arm64-root"
  done
  # Headers without a machine in them come from this machine's packages.
  mkdir -p "$cache/arm64-root/usr/include"
  ln -sfn /usr/include/tl "$cache/arm64-root/usr/include/tl"
  ln -sfn /usr/include/boost "$cache/arm64-root/usr/include/boost"
}

build_and_test() { # folder tests-left-out cmake-option...
  local folder=$1 without=$2
  shift 2
  cmake -S "$tree" -B "$folder" -G Ninja -DBLOCKFERRY_ONLY_CHAIN=ON "$@" >/dev/null
  cmake --build "$folder" -j2 >"$cache/build.log" || { tail -40 "$cache/build.log"; return 1; }
  ctest --test-dir "$folder" -L default -E "$without" -j2 --output-on-failure
}

arm64() {
  [ -e "$cache/arm64-root/complete" ] || (fetch_arm64_libraries && touch "$cache/arm64-root/complete")
  local root=$cache/arm64-root libraries=$cache/arm64-root/usr/lib/aarch64-linux-gnu
  # The other code paths are none here, and what Python starts is not run by the emulator.
  build_and_test "$cache/arm64" '\.(adx|ifma|portable|json)$' \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ -DCMAKE_LIBRARY_ARCHITECTURE=aarch64-linux-gnu \
    -DCMAKE_FIND_ROOT_PATH="$root" -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
    -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER \
    -DOPENSSL_CRYPTO_LIBRARY="$libraries/libcrypto.so" -DOPENSSL_INCLUDE_DIR="$root/usr/include" \
    "-Drapidcheck_DIR=$libraries/cmake/rapidcheck" -DBoost_NO_BOOST_CMAKE=ON -DBoost_INCLUDE_DIR="$root/usr/include" \
    -DBoost_UNIT_TEST_FRAMEWORK_LIBRARY_RELEASE="$libraries/libboost_unit_test_framework.so" \
    -DCMAKE_CXX_FLAGS="-isystem $root/usr/include/aarch64-linux-gnu" \
    "-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64;-L;/usr/aarch64-linux-gnu;-E;LD_LIBRARY_PATH=$libraries"
}

baseline() {
  BLOCKFERRY_CPU=portable build_and_test "$cache/baseline" '\.(adx|ifma)$' -DCMAKE_CXX_FLAGS="-march=x86-64 -mtune=generic"
}

for part in "${parts[@]}"; do
  start=$SECONDS
  "$part"
  echo "$part: $((SECONDS - start)) s"
done
