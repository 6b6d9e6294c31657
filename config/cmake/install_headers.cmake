# Installs public headers and every header of ours that they include below <prefix>/include/blockferry,
# where they include each other as <blockferry/...>.  In the tree they say "chain/...": were they copied
# as they are, the host would have to put a folder on its include path in which "chain/..." and
# "messages/..." are ours, and its own folders of those names would be shadowed.
#
# Reads: source_folder, staging_folder, include_folder, public_headers.  Runs inside `cmake --install`.
set(done "")
set(open ${public_headers})
file(REMOVE_RECURSE "${staging_folder}")
while(open)
  list(POP_FRONT open header)
  if(header IN_LIST done)
    continue()
  endif()
  list(APPEND done "${header}")
  file(READ "${source_folder}/${header}" text)
  string(REGEX MATCHALL "#include \"[^\"]+\"" includes "${text}")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "#include \"([^\"]+)\"" "\\1" included "${include}")
    list(APPEND open "${included}")
    string(REPLACE "${include}" "#include <blockferry/${included}>" text "${text}")
  endforeach()
  file(WRITE "${staging_folder}/blockferry/${header}" "${text}")
endwhile()
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/${include_folder}" TYPE DIRECTORY
  FILES "${staging_folder}/blockferry")
