# Writes a C++ source that holds the files of a folder: what server/api/console_files.h declares.
# Run as: cmake -DOUTPUT=<source> -DFOLDER=<folder> -P EmbedFiles.cmake

file(GLOB files "${FOLDER}/*.html" "${FOLDER}/*.css" "${FOLDER}/*.js" "${FOLDER}/*.svg")
list(SORT files)
set(arrays "")
set(table "")
set(number 0)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}};\n")
  string(APPEND table "    {\"${name}\", {kFile${number}, sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"server/api/console_files.h\"

namespace logs_server {
namespace {

${arrays}
constexpr ConsoleFile kFiles[] = {
${table}};

}  // namespace

std::span<const ConsoleFile> console_files() { return kFiles; }

}  // namespace logs_server
")
