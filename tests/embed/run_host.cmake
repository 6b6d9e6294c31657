# Installs the package below a fresh prefix, builds the host against it, and runs it.
#
#   cmake -DBUILD=... -DHOST=... -DBLOCKS=... -DWORK=... -DCOMPILER=... -DFLAGS=... -DTYPE=... -P run_host.cmake
function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "ended with ${status}: ${command}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix" --component embedding)

# No macro of ours may reach the host: what a header defines it must undefine.
file(GLOB_RECURSE headers "${WORK}/prefix/include/blockferry/*.hpp")
foreach(header IN LISTS headers)
  file(STRINGS "${header}" defines REGEX "^ *# *define")
  foreach(define IN LISTS defines)
    string(REGEX REPLACE "^ *# *define +([A-Za-z0-9_]+).*" "\\1" macro "${define}")
    file(STRINGS "${header}" undefines REGEX "^ *# *undef +${macro}$")
    if(NOT undefines)
      message(FATAL_ERROR "${header} leaks the macro ${macro}")
    endif()
  endforeach()
endforeach()

step("${CMAKE_COMMAND}" -S "${HOST}" -B "${WORK}/build" -G Ninja
  "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}"
  "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DCMAKE_BUILD_TYPE=${TYPE}" "-DCAF_ROOT=${CAF_ROOT}")
step("${CMAKE_COMMAND}" --build "${WORK}/build")
step("${WORK}/build/host" "${BLOCKS}" "${WORK}")
step("${WORK}/build/rehearsal")
