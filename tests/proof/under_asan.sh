#!/usr/bin/env bash
# A program of the tree under AddressSanitizer and UBSan:
#
#   tests/proof/under_asan.sh TARGET WORD ...          builds build-asan/TARGET and runs it with these words
#   tests/proof/under_asan.sh TARGET python3 SCRIPT PROGRAM ...   runs the script, PROGRAM being what was built
#
# The build is the one that the CI's parts `warnings-clang` and `asan` keep.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
program=$tree/build-asan/$1
shift
cmake -S "$tree" -B "$tree/build-asan" -G Ninja -DBLOCKFERRY_SANITIZE=address,undefined \
  -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS='-O1 -g1' -DBLOCKFERRY_WERROR=ON \
  -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang >/dev/null
cmake --build "$tree/build-asan" -j2 --target "$(basename "$program")" | tail -1
# The cases bound the memory that is taken; what was freed, and is kept for a while, is none of it.
export ASAN_OPTIONS=quarantine_size_mb=16
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
if [ "${1:-}" = python3 ]; then
  exec "${@/#PROGRAM/$program}"
fi
exec "$program" "$@"
