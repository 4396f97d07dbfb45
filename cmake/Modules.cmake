# One call per folder: the target is named after the folder, every .cc file beside the CMakeLists.txt belongs to it,
# and every *_test.cc becomes part of one test binary `<folder>_test`.

add_library(project_options INTERFACE)
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Werror -fno-omit-frame-pointer)
target_include_directories(project_options INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
if(LOGS_SDK_SANITIZE)
  target_compile_options(project_options INTERFACE "-fsanitize=${LOGS_SDK_SANITIZE}" -fno-sanitize-recover=all)
  target_link_options(project_options INTERFACE "-fsanitize=${LOGS_SDK_SANITIZE}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND LOGS_SDK_SANITIZE MATCHES "undefined")
    # clang++ 14 cannot assemble coroutines with this one check ("Cannot represent a difference across sections").
    target_compile_options(project_options INTERFACE -fno-sanitize=function)
  endif()
endif()
if(LOGS_SDK_BUILD_FUZZ)
  target_compile_options(project_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Of programs that test: optimised no more than it takes to run them; -pthread, as some libraries ask for it, and compiled
# headers fit only where all or none do.
add_library(test_options INTERFACE)
target_compile_options(test_options INTERFACE $<$<CONFIG:RelWithDebInfo>:-O1> -pthread)

# What all test programs parse first, compiled once for all of them. Only a target with the flags of project_options and
# nothing beyond definitions can reuse it.
if(LOGS_SDK_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_package(Threads REQUIRED)
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/test_headers.cc" CONTENT "int main() {}\n")
  add_executable(test_headers "${CMAKE_BINARY_DIR}/test_headers.cc")  # no library: programs are compiled with -fPIE
  target_link_libraries(test_headers PRIVATE project_options test_options GTest::gmock GTest::gtest Threads::Threads)
  target_precompile_headers(test_headers PRIVATE <gtest/gtest.h> <gmock/gmock.h>)
endif()

# reuse_test_headers(targets...): programs that include GoogleTest.
function(reuse_test_headers)
  foreach(target IN LISTS ARGN)
    target_link_libraries(${target} PRIVATE test_options)
    target_precompile_headers(${target} REUSE_FROM test_headers)
  endforeach()
endfunction()

# add_module(name DEPENDS targets... [LIBRARIES external targets...] [TEST_LIBRARIES external targets...])
function(add_module name)
  cmake_parse_arguments(MODULE "" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME "logs_sdk_${name}" LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC project_options ${MODULE_DEPENDS} ${MODULE_LIBRARIES})
  if(LOGS_SDK_BUILD_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${MODULE_TEST_LIBRARIES} GTest::gmock GTest::gtest GTest::gtest_main
      Threads::Threads)
    reuse_test_headers(${name}_test)
    add_test(NAME ${name}_test COMMAND ${name}_test)
  endif()
endfunction()
