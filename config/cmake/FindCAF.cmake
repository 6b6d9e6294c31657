# Finds the C++ Actor Framework, series chosen explicitly.
#
# Debian ships CAF 0.17 as headers and a library without a CMake package; `find_package(CAF CONFIG)`
# searches more prefixes than the one meant and may mix the headers of two versions on one machine.
# So the header and the library are looked for together, below one prefix, and the series is checked.
#
#   CAF_ROOT          prefix to search first
#   BLOCKFERRY_CAF    series wanted: 0.17 (default)
#
# Defines CAF_FOUND, CAF_VERSION and the target CAF::core.
include(FindPackageHandleStandardArgs)

set(BLOCKFERRY_CAF "0.17" CACHE STRING "CAF series to build against")

find_path(CAF_INCLUDE_DIR NAMES caf/config.hpp HINTS "${CAF_ROOT}/include")
if(CAF_INCLUDE_DIR)
  cmake_path(GET CAF_INCLUDE_DIR PARENT_PATH _caf_prefix)
  find_library(CAF_CORE_LIBRARY NAMES caf_core HINTS "${_caf_prefix}/lib"
    "${_caf_prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH)
  if(NOT CAF_CORE_LIBRARY)
    find_library(CAF_CORE_LIBRARY NAMES caf_core)
  endif()
  # CAF_VERSION is an octal literal in some releases of the 1.x series; 0.17's is decimal.
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_line REGEX "^#define CAF_VERSION [0-9]+")
  if(_caf_line MATCHES "CAF_VERSION ([0-9]+)")
    math(EXPR _caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR _caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR _caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
  endif()
  if(CAF_VERSION AND NOT CAF_VERSION MATCHES "^${BLOCKFERRY_CAF}\\.")
    set(CAF_NOT_FOUND_MESSAGE
      "found CAF ${CAF_VERSION} in ${CAF_INCLUDE_DIR}, but series ${BLOCKFERRY_CAF} is asked for; \
set CAF_ROOT to the prefix of the one you mean")
    unset(CAF_INCLUDE_DIR CACHE)
  endif()
endif()

find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_CORE_LIBRARY CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION
  REASON_FAILURE_MESSAGE "${CAF_NOT_FOUND_MESSAGE}")
mark_as_advanced(CAF_INCLUDE_DIR CAF_CORE_LIBRARY)

if(CAF_FOUND AND NOT TARGET CAF::core)
  find_package(Threads REQUIRED)
  add_library(CAF::core UNKNOWN IMPORTED)
  set_target_properties(CAF::core PROPERTIES
    IMPORTED_LOCATION "${CAF_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
