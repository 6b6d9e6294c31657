# One interface target carries every compiler flag, so that no target invents its own.
add_library(blockferry_flags INTERFACE)
target_include_directories(blockferry_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(blockferry_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum
  $<$<BOOL:${BLOCKFERRY_WERROR}>:-Werror>
  -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(blockferry_flags INTERFACE -fcf-protection)
endif()
target_link_options(blockferry_flags INTERFACE -Wl,-z,relro,-z,now)
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Speaks of any included file that uses its own anonymous namespace, which is what a unity build does.
  target_compile_options(blockferry_flags INTERFACE -Wno-subobject-linkage)
endif()
if(BLOCKFERRY_SANITIZE)
  # First of all flags, so that whoever includes CAF can leave two checks out (actors/CMakeLists.txt).
  string(APPEND CMAKE_CXX_FLAGS
    " -fsanitize=${BLOCKFERRY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer")
  target_link_options(blockferry_flags INTERFACE -fsanitize=${BLOCKFERRY_SANITIZE})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Fortify needs optimisation, and the sanitizers replace what it checks.
  target_compile_options(blockferry_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
