# Installs what a host embeds: the libraries below `blockferry::node`, the headers that they promise, and
# a config package, so that `find_package(blockferry)` and <blockferry/runtime/node.hpp> are all it needs.
include(CMakePackageConfigHelpers)

# Headers that a host may name.  What they include is installed with them.
set(BLOCKFERRY_PUBLIC_HEADERS
  chain/aleo_rules.hpp
  chain/name.hpp
  runtime/node.hpp
  runtime/transport/curl_transport.hpp
  storage/reader.hpp
  storage/sqlite_store.hpp)
set(BLOCKFERRY_PUBLIC_LIBRARIES blockferry_node blockferry_transport)
# For an embedder's own tests: a node without network, disk and time.
if(TARGET blockferry_testing)
  list(APPEND BLOCKFERRY_PUBLIC_HEADERS
    tests/support/forwarding_rules.hpp
    tests/support/test_node.hpp)
  list(APPEND BLOCKFERRY_PUBLIC_LIBRARIES blockferry_testing)
endif()

# blockferry_exported(OUT TARGET...): those targets of ours, and of theirs that they link to.
function(blockferry_exported out)
  set(found "")
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open target)
    if(NOT TARGET ${target} OR target IN_LIST found)
      continue()
    endif()
    list(APPEND found ${target})
    get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
    foreach(link IN LISTS links)
      string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" link "${link}")
      if(TARGET "${link}")
        get_target_property(real "${link}" ALIASED_TARGET)
        if(real)
          set(link ${real})
        endif()
      endif()
      if(link MATCHES "^blockferry_" AND NOT link STREQUAL "blockferry_flags")
        list(APPEND open ${link})
      endif()
    endforeach()
  endwhile()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

blockferry_exported(exported ${BLOCKFERRY_PUBLIC_LIBRARIES})
foreach(target IN LISTS exported)
  # Our warnings and hardening are ours: a host chooses its own flags.
  get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
  list(TRANSFORM links REPLACE "^\\$<LINK_ONLY:blockferry_flags>$"
    "$<LINK_ONLY:$<BUILD_INTERFACE:blockferry_flags>>")
  string(REPLACE "blockferry_" "" name ${target})
  set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES "${links}" EXPORT_NAME ${name})
  target_compile_features(${target} INTERFACE cxx_std_20)
endforeach()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/blockferry")
install(TARGETS ${exported} EXPORT blockferry_targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT embedding
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT blockferry_targets NAMESPACE blockferry:: DESTINATION "${package_folder}"
  COMPONENT embedding)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/blockferry-config.cmake.in"
  "${PROJECT_BINARY_DIR}/package/blockferry-config.cmake" INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/blockferry-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/package/blockferry-config.cmake"
  "${PROJECT_BINARY_DIR}/package/blockferry-config-version.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${package_folder}" COMPONENT embedding)

# The headers are written when installing: see install_headers.cmake.
install(CODE "
  cmake_policy(VERSION 3.25)
  set(source_folder \"${PROJECT_SOURCE_DIR}\")
  set(staging_folder \"${PROJECT_BINARY_DIR}/package/include\")
  set(include_folder \"${CMAKE_INSTALL_INCLUDEDIR}\")
  set(public_headers \"${BLOCKFERRY_PUBLIC_HEADERS}\")
  include(\"${CMAKE_CURRENT_LIST_DIR}/install_headers.cmake\")" COMPONENT embedding)
