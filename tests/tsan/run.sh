#!/usr/bin/env bash
# The real threads under ThreadSanitizer: libcurl transport, node, detached writer, status socket.
#
#   tests/tsan/run.sh [--cache FOLDER] [--rounds N] [--seed S]
#
# Debian's CAF is not instrumented: under it TSan reports races that are none, and hiding them would hide
# real ones.  So CAF 0.17.6 itself is built with -fsanitize=thread from Debian's source package, once, into
# the cache (default build-tsan/), which a CI run may keep.  No suppression.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
cache=$tree/build-tsan rounds=12 seed=1
while [ $# -gt 0 ]; do
  case $1 in
  --cache) cache=$(realpath -m "$2") ;;
  --rounds) rounds=$2 ;;
  --seed) seed=$2 ;;
  *) sed -n '2,9p' "$0"; exit 2 ;;
  esac
  shift 2
done
caf=$cache/caf-0.17.6 start=$SECONDS
mkdir -p "$cache"

# The mirror from which this machine takes Debian's packages.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1
}

# Indices of its own: the machine's sources need not name source packages.
fetch_source() {
  local work=$cache/source
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  cat >"$work/debian.sources" <<END
Types: deb-src
URIs: $(debian_mirror)
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  local options=(-qq -o "Dir::Etc::sourcelist=$work/debian.sources" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/archives" -o APT::Sandbox::User=root)
  cd "$work"
  apt-get "${options[@]}" update
  # Only upstream's archive is needed: Debian's part packages it.  Mirrors may lack that part.
  apt-get "${options[@]}" source --download-only --only-source actor-framework || true
  local archive=actor-framework_0.17.6.orig.tar.gz wanted
  wanted=$(apt-cache "${options[@]}" showsrc --only-source actor-framework |
    awk -v name="$archive" '/^Checksums-Sha256:/ { inside = 1; next } /^[^ ]/ { inside = 0 }
      inside && $3 == name { print $1; exit }')
  echo "$wanted  $archive" | sha256sum --check --quiet
  tar xzf "$archive"
}

if [ ! -e "$caf/built" ]; then
  (fetch_source)
  cmake -S "$cache/source/actor-framework-0.17.6" -B "$cache/caf-build" -G Ninja \
    -DCMAKE_BUILD_TYPE=None -DCMAKE_INSTALL_PREFIX="$caf" \
    -DCMAKE_CXX_FLAGS='-O1 -g1 -fsanitize=thread -w' -DCMAKE_SHARED_LINKER_FLAGS=-fsanitize=thread \
    -DCMAKE_EXE_LINKER_FLAGS=-fsanitize=thread \
    -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache || true)" \
    -DCAF_NO_IO=ON -DCAF_NO_OPENSSL=ON -DCAF_NO_OPENCL=ON -DCAF_NO_PYTHON=ON -DCAF_NO_TOOLS=ON \
    -DCAF_NO_EXAMPLES=ON -DCAF_NO_UNIT_TESTS=ON -DCAF_NO_SUMMARY=ON >/dev/null
  cmake --build "$cache/caf-build" -j2 --target install >/dev/null
  touch "$caf/built"
  echo "built CAF with -fsanitize=thread in $((SECONDS - start)) s"
fi

cmake -S "$tree" -B "$cache/tree" -G Ninja -DCAF_ROOT="$caf" -DBLOCKFERRY_SANITIZE=thread \
  -DBLOCKFERRY_BENCH=OFF -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-O1 -g1" >/dev/null
cmake --build "$cache/tree" -j2 --target tsan_stress | tail -1
# second_deadlock_stack: both orders of a lock inversion; the exit code of a report is 66.
if ! TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 exitcode=66" timeout 300 \
  "$cache/tree/tests/tsan/tsan_stress" --rounds "$rounds" --seed "$seed" \
  --blocks "$tree/runtime/demo/blocks" 2>&1 | tee "$cache/stress.log"; then
  passed=$(grep -c '^seed [0-9]* passed$' "$cache/stress.log" || true)
  echo "replay: $0 --cache $cache --seed $((seed + passed)) --rounds 1"
  exit 1
fi
echo "no report; $((SECONDS - start)) s in all"
